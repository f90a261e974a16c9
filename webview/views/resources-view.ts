import { h, icon, morph, s } from "../dom";
import { textField } from "../kit";
import type { ResourceRow } from "../protocol";
import {
  filterLines,
  type ResourceLine,
  resourceLines,
  resourceText,
  type Unit,
} from "../view-model/resources";
import { drawnRows } from "../view-model/window";

const rowHeight = 22;

function minimap({ place, kind }: ResourceLine): SVGElement {
  const width = Math.max(place.width * 100, 1.5);
  return s(
    "svg",
    { class: "place", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    s("rect", { class: "place-ground", width: 100, height: 6 }),
    s("rect", { class: `place-part ${kind}`, x: Math.min(place.x * 100, 100 - width), width, height: 6 }),
  );
}

function row(line: ResourceLine, index: number): HTMLElement {
  const { range, name, kind, size, depth } = line;
  return h(
    "div",
    { class: "resource", role: "listitem", "data-key": `${index} ${range} ${name}` },
    h(
      "span",
      { class: "resource-text mono" },
      "  ".repeat(depth),
      h("span", { class: "resource-range" }, range),
      " : ",
      h("span", { class: `resource-name ${kind}` }, name),
    ),
    h("span", { class: "resource-size" }, size),
    minimap(line),
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

/** A resource file in the kernel's own text, with each line's size and its place in the one above. */
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
  #lines: readonly ResourceLine[] = [];

  constructor({ file, unit }: Listing) {
    this.#unit = unit;
    this.#list = h("div", { class: "resources", role: "list", "aria-label": file, tabindex: 0 });
    this.#list.addEventListener("scroll", () => this.#drawRows());
    const command = h("code", { class: "prompt" }, `# cat ${file}`);
    const toolbar = h(
      "div",
      { class: "toolbar" },
      command,
      this.#filter.element,
      this.#count,
      this.#copyButton(),
    );
    this.element.append(toolbar, this.#list);
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
    this.#drawRows();
  }

  #shown(): readonly ResourceLine[] {
    return filterLines(this.#lines, this.#filter.value);
  }

  #drawRows(): void {
    const shown = this.#shown();
    const { scrollTop, clientHeight } = this.#list;
    const { from, to } = drawnRows({ count: shown.length, rowHeight, scrollTop, height: clientHeight });
    const fresh = this.#list.cloneNode(false) as HTMLElement;
    fresh.append(
      spacer("above", from),
      ...shown.slice(from, to).map((line, i) => row(line, from + i)),
      spacer("below", shown.length - to),
    );
    morph(this.#list, fresh);
    const all = this.#lines.length;
    this.#count.textContent = shown.length === all ? `${all} lines` : `${shown.length} of ${all} lines`;
  }
}
