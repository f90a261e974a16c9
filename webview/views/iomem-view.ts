import { h, icon, morph, s } from "../dom";
import { textField } from "../kit";
import type { PanelState } from "../protocol";
import { filterLines, type IomemLine, iomemLines, iomemText } from "../view-model/iomem";
import { drawnRows } from "../view-model/window";

const rowHeight = 22;

function minimap({ place, kind }: IomemLine): SVGElement {
  const width = Math.max(place.width * 100, 1.5);
  return s(
    "svg",
    { class: "place", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    s("rect", { class: "place-ground", width: 100, height: 6 }),
    s("rect", { class: `place-part ${kind}`, x: Math.min(place.x * 100, 100 - width), width, height: 6 }),
  );
}

function row(line: IomemLine, index: number): HTMLElement {
  const { range, name, kind, size, depth } = line;
  return h(
    "div",
    { class: "iomem-row", role: "listitem", "data-key": `${index} ${range} ${name}` },
    h(
      "span",
      { class: "iomem-text mono" },
      "  ".repeat(depth),
      h("span", { class: "iomem-range" }, range),
      " : ",
      h("span", { class: `iomem-name ${kind}` }, name),
    ),
    h("span", { class: "iomem-size" }, size),
    minimap(line),
  );
}

/** The I/O memory tab: /proc/iomem in the kernel's own text, with each line's size and place in the one above. */
export class IomemView {
  readonly element = h("div", { class: "view iomem" });
  readonly #filter = textField({
    label: "Filter",
    placeholder: "Filter: an address, a name",
    icon: "filter",
    input: () => this.#drawRows(),
  });
  readonly #count = h("span", { class: "quiet", role: "status" });
  readonly #list = h("div", { class: "iomem-list", role: "list", "aria-label": "/proc/iomem", tabindex: 0 });
  #lines: readonly IomemLine[] = [];

  constructor() {
    const copy = h(
      "button",
      { class: "icon-button", type: "button", title: "Copy as text", "aria-label": "Copy as text" },
      icon("copy"),
    );
    copy.addEventListener("click", () => this.#copy());
    const command = h("code", { class: "prompt" }, "# cat /proc/iomem");
    this.element.append(
      h("div", { class: "toolbar" }, command, this.#filter.element, this.#count, copy),
      this.#list,
    );
    this.#list.addEventListener("scroll", () => this.#drawRows());
  }

  draw({ iomem }: PanelState): void {
    this.#lines = iomemLines(iomem);
    this.#drawRows();
  }

  #shown(): readonly IomemLine[] {
    return filterLines(this.#lines, this.#filter.value);
  }

  #drawRows(): void {
    const shown = this.#shown();
    const { scrollTop, clientHeight } = this.#list;
    const { from, to } = drawnRows({ count: shown.length, rowHeight, scrollTop, height: clientHeight });
    const above = s("svg", { class: "spacer", width: 1, height: from * rowHeight, "data-key": "above" });
    const below = s("svg", {
      class: "spacer",
      width: 1,
      height: (shown.length - to) * rowHeight,
      "data-key": "below",
    });
    const rows = shown.slice(from, to).map((line, i) => row(line, from + i));
    const { attributes } = this.#list;
    const list = h(
      "div",
      Object.fromEntries([...attributes].map(({ name, value }) => [name, value])),
      above,
      ...rows,
      below,
    );
    morph(this.#list, list);
    this.#count.textContent =
      shown.length === this.#lines.length
        ? `${shown.length} lines`
        : `${shown.length} of ${this.#lines.length} lines`;
  }

  #copy(): void {
    void navigator.clipboard.writeText(iomemText(this.#shown()));
  }
}
