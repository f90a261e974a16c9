import { h, morph } from "../dom";
import {
  type Extent,
  groundHeight,
  isScaled,
  lastTop,
  scrollTopOf,
  topOf,
  visibleRows,
} from "../view-model/long-list";

export interface LongListOptions {
  readonly label: string;
  readonly rowHeight: number;
  /** Rows are wanted: from which one, or the last ones, and how many. */
  readonly want: (from: number | "end", count: number) => void;
  /** Enter or a double click on a row. */
  readonly open: (index: number) => void;
  /** Another row is the chosen one. */
  readonly choose?: (index: number) => void;
}

export interface Drawn {
  readonly total: number;
  /** Of the first of `rows`. */
  readonly from: number;
  readonly rows: readonly HTMLElement[];
}

/** Rows above and below what is seen. */
const MARGIN = 10;

/**
 * A list as long as one likes, of which only what is seen exists. The arrow keys choose a row; at its end it follows what
 * is added.
 */
export class LongList {
  readonly element: HTMLElement;
  readonly #options: LongListOptions;
  readonly #ground = h("div", { class: "long-ground", role: "presentation" });
  readonly #rows = h("div", { class: "long-rows", role: "presentation" });
  #total = 0;
  #from = 0;
  /** The first row that is seen, with the part of it that is scrolled out. */
  #top = 0;
  #atEnd = true;
  #chosen: number | undefined;
  #asked = "";
  /** Where we scrolled to ourselves. */
  #own = 0;

  constructor(options: LongListOptions) {
    this.#options = options;
    this.element = h(
      "div",
      { class: "long-list", role: "listbox", tabindex: 0, "aria-label": options.label },
      this.#rows,
      this.#ground,
    );
    this.element.addEventListener("scroll", () => this.#scrolled());
    this.element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.element.addEventListener("click", ({ target }) => this.#press(target as Element));
    this.element.addEventListener("dblclick", () => this.#chosen !== undefined && options.open(this.#chosen));
    new ResizeObserver(() => this.#place()).observe(this.element);
  }

  get #extent(): Extent {
    const { rowHeight } = this.#options;
    return { total: this.#total, rowHeight, height: this.element.clientHeight };
  }

  draw({ total, from, rows }: Drawn): void {
    this.#total = total;
    this.#from = from;
    rows.forEach((row, i) => {
      this.#dress(row, from + i);
    });
    this.#ground.style.height = `${groundHeight(this.#extent)}px`;
    const fresh = this.#rows.cloneNode(false) as HTMLElement;
    fresh.append(...rows);
    morph(this.#rows, fresh);
    if (this.#atEnd) this.#goTo(lastTop(this.#extent));
    this.#place();
  }

  /** Begins anew: other rows are shown. */
  restart(at: number | "end"): void {
    this.#chosen = undefined;
    this.#asked = "";
    this.#atEnd = at === "end";
    if (at !== "end") this.#goTo(at);
    this.#ask();
  }

  /** Makes `index` the first row that is seen. */
  show(index: number): void {
    this.#atEnd = false;
    this.#chosen = index;
    this.#goTo(Math.min(index, lastTop(this.#extent)));
    this.#ask();
  }

  /** Brings a row into sight and makes it the chosen one. */
  choose(index: number): void {
    this.#chosen = Math.max(0, Math.min(this.#total - 1, index));
    this.element.setAttribute("aria-activedescendant", `row-${this.#chosen}`);
    const seen = Math.floor(this.element.clientHeight / this.#options.rowHeight);
    if (this.#chosen < this.#top) this.#goTo(this.#chosen);
    else if (this.#chosen > this.#top + seen - 1) this.#goTo(this.#chosen - seen + 1);
    for (const row of this.#rows.children)
      row.setAttribute("aria-selected", String(row.id === `row-${this.#chosen}`));
    this.#settle();
    this.#options.choose?.(this.#chosen);
  }

  #dress(row: HTMLElement, index: number): void {
    row.id = `row-${index}`;
    row.dataset["index"] = String(index);
    row.setAttribute("role", "option");
    row.setAttribute("aria-setsize", String(this.#total));
    row.setAttribute("aria-posinset", String(index + 1));
    row.setAttribute("aria-selected", String(index === this.#chosen));
  }

  #goTo(top: number): void {
    this.#top = Math.max(0, top);
    const scrollTop = scrollTopOf(this.#extent, this.#top);
    this.element.scrollTop = scrollTop;
    this.#own = this.element.scrollTop;
  }

  /** The rows lie in a layer that stays in sight; it is moved by what is scrolled out of its first one. */
  #place(): void {
    const y = (this.#from - this.#top) * this.#options.rowHeight;
    this.#rows.style.transform = `translateY(${y}px)`;
    this.#ask();
  }

  #ask(): void {
    const count = visibleRows(this.#extent) + 2 * MARGIN;
    const from = this.#atEnd ? "end" : Math.max(0, Math.floor(this.#top) - MARGIN);
    const asked = `${from} ${count}`;
    if (asked === this.#asked || count <= 2 * MARGIN) return;
    this.#asked = asked;
    this.#options.want(from, count);
  }

  #scrolled(): void {
    if (Math.abs(this.element.scrollTop - this.#own) < 1) return;
    this.#own = this.element.scrollTop;
    this.#top = topOf(this.#extent, this.#own);
    this.#settle();
  }

  #settle(): void {
    this.#atEnd = this.#top >= lastTop(this.#extent) - 0.5;
    this.#place();
  }

  #wheel(event: WheelEvent): void {
    const extent = this.#extent;
    if (!isScaled(extent)) return;
    event.preventDefault();
    this.#goTo(Math.min(lastTop(extent), this.#top + event.deltaY / extent.rowHeight));
    this.#settle();
  }

  #press(target: Element): void {
    const index = target.closest<HTMLElement>("[data-index]")?.dataset["index"];
    if (index !== undefined) this.choose(Number(index));
  }

  #key(event: KeyboardEvent): void {
    const page = Math.max(1, visibleRows(this.#extent) - 2);
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page },
      ...{ Home: -this.#total, End: this.#total },
    };
    const step = steps[event.key];
    if (step !== undefined) this.choose((this.#chosen ?? Math.ceil(this.#top)) + step);
    else if (event.key === "Enter" && this.#chosen !== undefined) this.#options.open(this.#chosen);
    else return;
    event.preventDefault();
  }
}
