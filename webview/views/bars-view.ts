import { h, icon, morph } from "../dom";
import type { BarRow, PanelState } from "../protocol";
import { ribbon } from "../view-model/ribbon";
import { ribbonDrawing } from "./ribbon-drawing";

const columns = ["Device", "BAR", "Kind", "CPU address", "On the bus", "Size", "Decodes"] as const;

function decodes(bar: BarRow): HTMLElement {
  if (bar.decoding) return h("span", { class: "yes" }, icon("pass-filled"), "yes");
  const why = h("span", {}, bar.why || "no");
  return h("span", { class: "no" }, icon(bar.physical === "" ? "warning" : "circle-slash"), why);
}

function row(bar: BarRow): HTMLElement {
  return h(
    "tr",
    { role: "row", "data-key": `${bar.bdf}/${bar.bar}`, class: bar.decoding ? undefined : "dead" },
    h("th", { scope: "row", role: "rowheader" }, bar.device, h("span", { class: "mono quiet" }, bar.bdf)),
    h("td", { role: "cell" }, bar.bar),
    h("td", { role: "cell" }, bar.kind),
    h("td", { role: "cell", class: "mono" }, bar.physical || "–"),
    h("td", { role: "cell", class: "mono" }, bar.bus || "–"),
    h("td", { role: "cell", class: "number" }, bar.size),
    h("td", { role: "cell" }, decodes(bar)),
  );
}

function table(bars: readonly BarRow[]): HTMLElement {
  return h(
    "table",
    { class: "bars-table", role: "table", "aria-label": "Base address registers", tabindex: 0 },
    h("thead", {}, h("tr", {}, ...columns.map((column) => h("th", { scope: "col" }, column)))),
    h("tbody", { role: "rowgroup" }, ...bars.map(row)),
  );
}

/** A drawing of more is no picture any more. */
const most = 300;

/** The BARs tab: where every BAR is, as a picture and as a table. */
export class BarsView {
  readonly element = h("div", { class: "view bars" });

  draw({ bars, iomem }: PanelState): void {
    const shown = bars.slice(0, most);
    const drawn = ribbon(shown, iomem);
    const left = bars.length - shown.length;
    const more = h("p", { class: "quiet" }, `${left} more BARs: choose their device in Devices.`);
    const content = [
      drawn && ribbonDrawing(drawn),
      h("div", { class: "scroll-x" }, table(shown)),
      left > 0 && more,
    ];
    morph(this.element, h("div", { class: "view bars" }, ...content));
  }
}
