import { h, icon, morph, s } from "../dom";
import type { TraceWindow } from "../protocol-trace";
import { barsPath, lanes, lanesText, momentText, moved, zoomed } from "../view-model/trace";

type Span = readonly [start: number, end: number];

interface Outside {
  /** Another span of time is to be drawn; undefined: all of it. */
  span(span: Span | undefined): void;
  /** A moment was pressed. */
  go(time: number): void;
}

/** Pixels that a press may move without being a drag. */
const STILL = 4;

const tool = (action: string, { label, glyph }: { label: string; glyph: string }): HTMLElement =>
  h(
    "button",
    { class: "icon-button", type: "button", "data-action": action, "aria-label": label, title: label },
    icon(glyph),
  );

const tools = (): HTMLElement =>
  h(
    "span",
    { class: "lane-tools" },
    tool("in", { label: "Less time (+)", glyph: "zoom-in" }),
    tool("out", { label: "More time (-)", glyph: "zoom-out" }),
    tool("all", { label: "All of it (0)", glyph: "screen-full" }),
  );

/** When how much happened: a lane for each kind. A drag enlarges, a press goes there. */
export class TraceLanes {
  readonly element = h("figure", { class: "lanes", tabindex: 0, "aria-label": "Lanes over virtual time" });
  readonly #outside: Outside;
  #span: Span = [0, 1];
  #from: number | undefined;

  constructor(outside: Outside) {
    this.#outside = outside;
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("click", ({ target }) => this.#tool(target as Element));
    this.element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.element.addEventListener("pointerdown", (event) => this.#down(event));
    this.element.addEventListener("pointermove", (event) => this.#drag(event));
    this.element.addEventListener("pointerup", (event) => this.#up(event));
  }

  /** Columns that there is room for. */
  get bins(): number {
    return Math.max(40, Math.floor((this.element.clientWidth - 60) / 3));
  }

  draw({ lanes: picture }: TraceWindow): void {
    const { start, end, counts, stride } = picture;
    this.#span = [start, end];
    const drawn = lanes.map(({ lane, label, title }) => {
      const most = Math.max(1, ...counts[lane]);
      const box = { viewBox: `0 0 ${counts[lane].length} 1`, preserveAspectRatio: "none" };
      const bars = s("path", { d: barsPath(counts[lane], most) });
      return h(
        "div",
        { class: "lane", "data-lane": lane, title },
        h("span", { class: "lane-name" }, label),
        s("svg", { ...box, class: "lane-bars", "aria-hidden": "true" }, bars),
      );
    });
    const moments = [start, (start + end) / 2, end].map((time) => momentText(time, end - start));
    const axis = h("div", { class: "lane-axis mono" }, ...moments.map((text) => h("span", {}, text)));
    const sampled = stride > 1 ? ` Every ${stride}th transaction is drawn.` : "";
    const words = h("figcaption", { class: "spoken" }, `${lanesText(counts)}.${sampled}`);
    const attributes = { class: "lanes", tabindex: 0, "aria-label": "Lanes over virtual time" };
    morph(
      this.element,
      h("figure", attributes, tools(), ...drawn, axis, h("div", { class: "lane-brush" }), words),
    );
  }

  get #bars(): DOMRect | undefined {
    return this.element.querySelector(".lane-bars")?.getBoundingClientRect();
  }

  #timeAt(x: number): number {
    const bars = this.#bars;
    const [start, end] = this.#span;
    const share = bars ? (x - bars.left) / bars.width : 0;
    return start + Math.min(1, Math.max(0, share)) * (end - start);
  }

  #tool(target: Element): void {
    const action = target.closest<HTMLElement>("[data-action]")?.dataset["action"];
    if (action !== undefined) this.#act(action);
  }

  #act(action: string): void {
    const [start, end] = this.#span;
    const at = (start + end) / 2;
    if (action === "all") this.#outside.span(undefined);
    else this.#outside.span(zoomed(this.#span, { at, factor: action === "in" ? 0.5 : 2 }));
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.element) return;
    const actions: Readonly<Record<string, string>> = { "+": "in", "=": "in", "-": "out", "0": "all" };
    const ways: Readonly<Record<string, number>> = { ArrowLeft: -0.2, ArrowRight: 0.2 };
    const [action, way] = [actions[event.key], ways[event.key]];
    if (action !== undefined) this.#act(action);
    else if (way !== undefined) this.#outside.span(moved(this.#span, way));
    else if (event.key === "Enter") this.#outside.go(this.#span[0]);
    else return;
    event.preventDefault();
  }

  #wheel(event: WheelEvent): void {
    if (event.deltaY === 0) return;
    event.preventDefault();
    const factor = event.deltaY > 0 ? 1.25 : 0.8;
    this.#outside.span(zoomed(this.#span, { at: this.#timeAt(event.clientX), factor }));
  }

  #down(event: PointerEvent): void {
    if (!(event.target as Element).closest(".lane-bars")) return;
    this.#from = event.clientX;
    this.element.setPointerCapture(event.pointerId);
  }

  #drag({ clientX }: PointerEvent): void {
    const brush = this.element.querySelector<HTMLElement>(".lane-brush");
    if (this.#from === undefined || !brush) return;
    const left = Math.min(this.#from, clientX) - this.element.getBoundingClientRect().left;
    brush.style.left = `${left}px`;
    brush.style.width = `${Math.abs(clientX - this.#from)}px`;
  }

  #up({ clientX }: PointerEvent): void {
    const from = this.#from;
    if (from === undefined) return;
    this.#from = undefined;
    this.element.querySelector<HTMLElement>(".lane-brush")?.removeAttribute("style");
    const [a, b] = [Math.min(from, clientX), Math.max(from, clientX)].map((x) => this.#timeAt(x));
    if (Math.abs(clientX - from) <= STILL) this.#outside.go(this.#timeAt(clientX));
    else this.#outside.span([Math.floor(a ?? 0), Math.ceil(b ?? 1)]);
  }
}
