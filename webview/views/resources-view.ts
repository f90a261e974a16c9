import { h, icon, morph, s, spoken } from "../dom";
import { textField } from "../kit";
import type { ResourceRow } from "../protocol";
import {
  filterLines,
  foldLines,
  lineKey,
  type ResourceLine,
  resourceLines,
  resourceText,
  type Unit,
} from "../view-model/resources";
import { moved } from "../view-model/topology";
import { drawnRows } from "../view-model/window";
import { drawResourceMap } from "./resource-map";

const rowHeight = 22;

const contextOf = (line: ResourceLine): string =>
  JSON.stringify({
    webviewSection: "resource",
    address: `0x${line.start.toString(16)}`,
    line: `${line.range} : ${line.name}`,
    preventDefaultContextMenuItems: true,
  });

interface Face {
  readonly index: number;
  /** The one row that Tab reaches. */
  readonly reachable: boolean;
  /** Whether what lies in it is hidden; undefined where nothing does. */
  readonly folded: boolean | undefined;
}

const fold = (folded: boolean): HTMLElement =>
  h("span", { class: "fold", "data-action": "fold" }, icon(folded ? "chevron-right" : "chevron-down"));

function row(line: ResourceLine, { index, reachable, folded }: Face): HTMLElement {
  const { range, name, kind, size, depth } = line;
  return h(
    "div",
    {
      class: "resource",
      role: "listitem",
      tabindex: reachable ? 0 : -1,
      "data-key": `${index} ${lineKey(line)}`,
      "data-line": index,
      "data-vscode-context": contextOf(line),
    },
    h(
      "span",
      { class: "resource-text mono" },
      "  ".repeat(depth),
      folded !== undefined && fold(folded),
      h("span", { class: "resource-range" }, range),
      " : ",
      h("span", { class: `resource-name ${kind}` }, name),
      folded === true && spoken(", folded"),
    ),
    h("span", { class: "resource-size" }, size),
  );
}

/** As high as the rows that are not drawn. */
const spacer = (key: string, rows: number): SVGElement =>
  s("svg", { class: "spacer", width: 1, height: rows * rowHeight, "data-key": key });

export interface Listing {
  /** `/proc/iomem` */
  readonly file: string;
  readonly unit: Unit;
}

/** A resource file in the kernel's own text, and beside it the same as a map that can be zoomed. */
export class ResourcesView {
  readonly element = h("div", { class: "view resource-view" });
  readonly #unit: Unit;
  readonly #filter = textField({
    label: "Filter",
    placeholder: "Filter: an address, a name",
    icon: "filter",
    input: () => this.#drawRows(),
  });
  readonly #count = h("span", { class: "quiet", role: "status" });
  readonly #list: HTMLElement;
  readonly #map = h("div", { class: "resource-map" });
  #lines: readonly ResourceLine[] = [];
  /** The line that fills the map. */
  #focus: number | undefined;
  #lit: string | undefined;
  /** Keys of the lines whose insides are hidden. */
  readonly #folded = new Set<string>();

  constructor({ file, unit }: Listing) {
    this.#unit = unit;
    this.#list = h("div", { class: "resources", role: "list", "aria-label": file });
    this.#list.addEventListener("scroll", () => this.#drawRows());
    const command = h("code", { class: "prompt" }, `# cat ${file}`);
    const body = h("div", { class: "resource-body" }, this.#list, this.#map);
    const toolbar = [command, this.#filter.element, this.#count, this.#copyButton()];
    this.element.append(h("div", { class: "toolbar" }, ...toolbar), body);
    new ResizeObserver(() => this.#drawMap()).observe(this.#map);
    for (const side of [this.#list, this.#map])
      side.addEventListener("pointerover", (event) => this.#hover(event));
    body.addEventListener("pointerleave", () => this.#light(undefined));
    body.addEventListener("click", (event) => this.#click(event.target as Element));
    body.addEventListener("keydown", (event) => this.#key(event));
    body.addEventListener("focusin", (event) => this.#light(lineOf(event.target)));
  }

  #copyButton(): HTMLElement {
    const label = "Copy as text";
    const attributes = { class: "icon-button", type: "button", title: label, "aria-label": label };
    const button = h("button", attributes, icon("copy"));
    button.addEventListener("click", () => void navigator.clipboard.writeText(resourceText(this.#shown())));
    return button;
  }

  draw(rows: readonly ResourceRow[]): void {
    this.#lines = resourceLines(rows, this.#unit);
    if (this.#focus !== undefined && !this.#lines[this.#focus]) this.#focus = undefined;
    this.#drawRows();
    this.#drawMap();
  }

  #shown(): readonly ResourceLine[] {
    const { value } = this.#filter;
    // Whoever searches finds what is folded, too.
    return value.trim() === "" ? foldLines(this.#lines, this.#folded) : filterLines(this.#lines, value);
  }

  #foldedAt(index: number): boolean | undefined {
    const [line, next] = [this.#lines[index], this.#lines[index + 1]];
    return line && next && next.depth > line.depth ? this.#folded.has(lineKey(line)) : undefined;
  }

  #fold(index: number, folded: boolean): void {
    const line = this.#lines[index];
    if (!line || this.#foldedAt(index) === undefined) return;
    if (folded) this.#folded.add(lineKey(line));
    else this.#folded.delete(lineKey(line));
    this.#drawRows();
  }

  #drawRows(): void {
    const shown = this.#shown();
    const { scrollTop, clientHeight } = this.#list;
    const { from, to } = drawnRows({ count: shown.length, rowHeight, scrollTop, height: clientHeight });
    const fresh = this.#list.cloneNode(false) as HTMLElement;
    const numbers = shown === this.#lines ? undefined : new Map(this.#lines.map((line, i) => [line, i]));
    fresh.append(
      spacer("above", from),
      ...shown.slice(from, to).map((line, i) => {
        const index = numbers?.get(line) ?? from + i;
        return row(line, { index, reachable: from + i === 0, folded: this.#foldedAt(index) });
      }),
      spacer("below", shown.length - to),
    );
    morph(this.#list, fresh);
    const all = this.#lines.length;
    this.#count.textContent = shown.length === all ? `${all} lines` : `${shown.length} of ${all} lines`;
  }

  /** Nothing is drawn where there is no room for it: a narrow panel shows the text alone. */
  #drawMap(): void {
    const width = this.#map.clientWidth - 8;
    const height = this.#map.clientHeight - 26;
    if (width < 80 || height < 80) this.#map.replaceChildren();
    else morph(this.#map, drawResourceMap(this.#lines, { focus: this.#focus, width, height }));
  }

  #zoom(line: number | undefined): void {
    this.#focus = line;
    this.#drawMap();
  }

  #hover({ target }: Event): void {
    this.#light(lineOf(target));
  }

  /** The same line on both sides. */
  #light(line: string | undefined): void {
    if (line === this.#lit) return;
    this.#lit = line;
    for (const lit of this.element.querySelectorAll(".lit")) lit.classList.remove("lit");
    if (line === undefined) return;
    for (const same of this.element.querySelectorAll(`[data-line="${line}"]`)) same.classList.add("lit");
  }

  /** A press on the map enlarges what is there; a press on a line shows where it is. */
  #click(target: Element): void {
    const line = lineOf(target);
    if (target.closest("[data-action=up]")) this.#zoom(undefined);
    else if (target.closest("[data-action=fold]"))
      this.#fold(Number(line), this.#foldedAt(Number(line)) === false);
    else if (line !== undefined && this.#map.contains(target)) this.#pressed(Number(line));
  }

  #pressed(line: number): void {
    this.#zoom(line === this.#focus ? undefined : line);
    const at = this.#shown().indexOf(this.#lines[line] as ResourceLine);
    if (at >= 0) this.#list.scrollTop = Math.max(0, at * rowHeight - this.#list.clientHeight / 3);
    this.#light(undefined);
    this.#light(String(line));
  }

  #key(event: KeyboardEvent): void {
    const rows = [...this.#list.querySelectorAll<HTMLElement>(".resource")];
    const index = rows.indexOf(event.target as HTMLElement);
    const line = lineOf(event.target);
    const next = rows[moved(index, { key: event.key, count: rows.length }) ?? -1];
    if (event.key === "Escape") this.#zoom(undefined);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight")
      this.#fold(Number(line), event.key === "ArrowLeft");
    else if (event.key === "Enter" && line !== undefined) this.#zoom(Number(line));
    else if (index >= 0 && next) next.focus();
    else return;
    event.preventDefault();
  }
}

const lineOf = (target: EventTarget | null): string | undefined =>
  (target as Element | null)?.closest<HTMLElement | SVGElement>("[data-line]")?.dataset["line"];
