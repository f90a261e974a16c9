import { h, icon, s } from "../dom";
import { type Area, resourceMap } from "../view-model/resource-map";
import type { ResourceLine } from "../view-model/resources";

const rowOfText = 15;

function area(one: Area): SVGElement {
  const { kind, label, title, line, x, y, width, height } = one;
  const named = height >= rowOfText - 2;
  return s(
    "svg",
    { x, y, width, height, class: `area ${kind}`, "data-line": line, "data-key": line },
    s("title", {}, title),
    s("rect", { width: "100%", height: "100%", rx: 2 }),
    ...(named ? [s("text", { x: 6, y: Math.min(height / 2 + 4, 12) }, label)] : []),
  );
}

/** Beside the text: the same lines as areas, the holes between them, and one of them enlarged. */
export function drawResourceMap(
  lines: readonly ResourceLine[],
  { focus, width, height }: { focus: number | undefined; width: number; height: number },
): HTMLElement {
  const focused = focus === undefined ? undefined : lines[focus];
  const label = focused ? `${focused.range} : ${focused.name}` : "All of it";
  const up = h(
    "button",
    {
      class: "icon-button",
      type: "button",
      "data-action": "up",
      "aria-label": "Show all",
      title: "Show all (Escape)",
    },
    icon("zoom-out"),
  );
  const areas = resourceMap(lines, { focus, width, height }).map(area);
  return h(
    "div",
    { class: "resource-map" },
    h(
      "p",
      { class: "map-title quiet" },
      focused && up,
      h("span", { class: focused ? "mono" : undefined }, label),
    ),
    // The list beside it says the same to a screen reader.
    s("svg", { class: "map-picture", width, height, "aria-hidden": "true" }, ...areas),
  );
}
