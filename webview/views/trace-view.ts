import { h, icon, morph } from "../dom";
import { textField } from "../kit";
import type { FromPanel } from "../protocol";
import type { Lane, TraceFilter, TraceQuery, TraceRow, TraceWindow } from "../protocol-trace";
import { lanes } from "../view-model/trace";
import { LongList } from "./long-list";
import { TraceLanes } from "./trace-lanes";

interface Outside {
  post(message: FromPanel): void;
}

type Source = NonNullable<TraceRow["source"]>;

const cell = (name: string, text: string): HTMLElement => h("span", { class: name }, text);

function sourceCell(source: Source | undefined): HTMLElement {
  if (!source) return cell("trace-source", "");
  const title = `Show ${source.path}:${source.line} (Enter)`;
  const lead = h("span", { class: "lead", title, "data-action": "source" }, source.text);
  return h("span", { class: "trace-source" }, lead);
}

function row({ key, time, lane, what, initiator, target, address, value, status, failed, source }: TraceRow) {
  return h(
    "div",
    { class: `trace-row${failed ? " failed" : ""}`, "data-lane": lane, "data-key": key, title: address },
    cell("trace-time mono", time),
    cell("trace-what mono", what),
    cell("trace-from", initiator),
    cell("trace-target", target),
    cell("trace-value mono", value),
    cell("trace-status", status),
    sourceCell(source),
  );
}

const head = (): HTMLElement =>
  h(
    "div",
    { class: "trace-row trace-head", "aria-hidden": "true" },
    ...["Time", "What", "From", "To", "Value", "End", "Line"].map((word) => h("span", {}, word)),
  );

const toggle = (action: string, { label, title, on }: { label: string; title: string; on: boolean }) =>
  h(
    "button",
    { class: "chip", type: "button", "data-action": action, "aria-pressed": String(on), title },
    label,
  );

/** The Trace tab: every transaction, interrupt and line of the log, in lanes over virtual time and one below the other. */
export class TraceView {
  readonly element = h("div", { class: "view trace" });
  readonly #outside: Outside;
  readonly #words = textField({
    label: "Search",
    placeholder: "Search: edu.STATUS, 0x40000000+16, dma, UR",
    icon: "search",
    input: (words) => this.#narrow({ words }),
  });
  readonly #controls = h("div");
  readonly #count = h("span", { class: "quiet", role: "status" });
  readonly #list: LongList;
  readonly #lanes: TraceLanes;
  #filter: TraceFilter = { lanes: [], words: "", failed: false };
  #from: TraceQuery["from"] = "end";
  #rows = 60;
  #span: TraceQuery["span"];
  #window: TraceWindow | undefined;
  #shown = false;
  #leaping = false;

  constructor(outside: Outside) {
    this.#outside = outside;
    this.#list = new LongList({
      label: "Transactions, interrupts and log",
      rowHeight: 22,
      want: (from, count) => this.#want(from, count),
      open: (index) => this.#open(index),
    });
    this.#lanes = new TraceLanes({ span: (span) => this.#look(span), go: (time) => this.#leap(time) });
    const toolbar = h("div", { class: "toolbar" }, this.#words.element, this.#count);
    this.element.append(toolbar, this.#controls, this.#lanes.element, head(), this.#list.element);
    this.element.addEventListener("click", ({ target }) => this.#click(target as Element));
  }

  /** The tab is on screen: rows are asked for, and come again at each change. */
  draw(): void {
    if (this.#shown) return;
    this.#shown = true;
    this.#ask();
  }

  /** Another tab is: nobody needs rows. */
  leave(): void {
    if (!this.#shown) return;
    this.#shown = false;
    this.#outside.post({ type: "trace" });
  }

  show(window: TraceWindow): void {
    this.#window = window;
    this.#lanes.draw(window);
    this.#list.draw({ total: window.total, from: window.from, rows: window.rows.map(row) });
    this.#drawControls(window);
    this.#count.textContent = countText(window);
    if (this.#leaping) this.#arrive(window);
    if (window.searched < 1) this.#ask();
  }

  /** The first row of a moment is known now: the list goes on from there. */
  #arrive({ from }: TraceWindow): void {
    this.#leaping = false;
    this.#list.show(from);
  }

  #drawControls({ on, total }: TraceWindow): void {
    const chips = lanes.map(({ lane, label, title }) =>
      toggle(`lane ${lane}`, { label, title, on: this.#filter.lanes.includes(lane) }),
    );
    const record = h(
      "button",
      { class: "chip record", type: "button", "data-action": "record", "aria-pressed": String(on) },
      icon(on ? "debug-stop" : "record"),
      on ? "Stop Recording" : "Record",
    );
    const clear = h(
      "button",
      { class: "chip", type: "button", "data-action": "clear" },
      icon("clear-all"),
      "Clear",
    );
    const failed = { label: "Failed", title: "Only what did not end well", on: this.#filter.failed };
    const hint =
      !on && total === 0 && "Record, then run a driver: each access stands here, with its driver's line.";
    morph(
      this.#controls,
      h(
        "div",
        {},
        h("p", { class: "chips" }, record, clear, ...chips, toggle("failed", failed)),
        hint && h("p", { class: "quiet" }, hint),
      ),
    );
  }

  #want(from: TraceQuery["from"], count: number): void {
    this.#from = from;
    this.#rows = count;
    if (!this.#leaping) this.#ask();
  }

  #narrow(part: Partial<TraceFilter>): void {
    this.#filter = { ...this.#filter, ...part };
    this.#list.restart("end");
    this.#ask();
  }

  #look(span: TraceQuery["span"]): void {
    this.#span = span;
    this.#ask();
  }

  #leap(time: number): void {
    this.#leaping = true;
    this.#from = { time: Math.floor(time) };
    this.#ask();
  }

  #ask(): void {
    if (!this.#shown) return;
    const query = { filter: this.#filter, from: this.#from, count: this.#rows, bins: this.#lanes.bins };
    this.#outside.post({ type: "trace", query: { ...query, ...(this.#span && { span: this.#span }) } });
  }

  #click(target: Element): void {
    const { action = "" } = target.closest<HTMLElement>("[data-action]")?.dataset ?? {};
    const { lanes: chosen, failed } = this.#filter;
    const lane = action.replace(/^lane /, "") as Lane;
    if (action === "record") this.#outside.post({ type: "tracing", to: this.#window?.on ? "off" : "on" });
    else if (action === "clear") this.#outside.post({ type: "tracing", to: "clear" });
    else if (action === "failed") this.#narrow({ failed: !failed });
    else if (action === "source") this.#openAt(target.closest<HTMLElement>("[data-index]"));
    else if (action.startsWith("lane "))
      this.#narrow({
        lanes: chosen.includes(lane) ? chosen.filter((one) => one !== lane) : [...chosen, lane],
      });
  }

  #openAt(element: HTMLElement | null): void {
    this.#open(Number(element?.dataset["index"]));
  }

  #open(index: number): void {
    const source = this.#window?.rows[index - this.#window.from]?.source;
    if (source) this.#outside.post({ type: "open", path: source.path, line: source.line });
  }
}

function countText({ total, lost, searched }: TraceWindow): string {
  const rows = `${total.toLocaleString("en")} ${total === 1 ? "event" : "events"}`;
  if (searched < 1) return `${rows}, searching… ${Math.round(searched * 100)} %`;
  return lost > 0 ? `${rows}; ${lost.toLocaleString("en")} older ones are overwritten` : rows;
}
