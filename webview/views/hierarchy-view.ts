import { h, morph, s } from "../dom";
import type { BarRow, PanelState } from "../protocol";
import { type Box, boxWidth, type Hierarchy, hierarchy, type Link } from "../view-model/hierarchy";
import { chosenDevice, moved } from "../view-model/topology";
import { deviceContext } from "./topology";

interface Looks {
  readonly selected: string | undefined;
  /** Keys of registers that have just changed. */
  readonly changed: ReadonlyMap<string, string>;
}

const text = (content: string, at: { x: number; y: number; class: string }): SVGElement =>
  s("text", at, content);

/** A fact of one line: its word on the left, its address on the right. */
function factLine(word: string, { value, y, kind }: { value: string; y: number; kind: string }): SVGElement {
  return s(
    "g",
    { class: `box-fact ${kind}` },
    s("rect", { class: "box-fact-mark", x: 9, y: y - 9, width: 3, height: 11, rx: 1 }),
    text(`${word} `, { x: 17, y, class: "box-word" }),
    s("text", { x: boxWidth - 9, y, class: "box-value", "text-anchor": "end" }, value),
  );
}

const windowWords = { io: "I/O", memory: "memory", prefetchable: "prefetch." };
const barValue = (bar: BarRow): string => (bar.physical === "" ? "no address" : bar.physical);

function facts({ device, bars }: Box): readonly SVGElement[] {
  const windows = device.windows
    .filter(({ range }) => range !== "")
    .map(({ kind, range }) => ({
      word: windowWords[kind],
      value: range.replaceAll("0x", ""),
      kind: "window",
    }));
  const places = bars.map((bar) => ({
    word: `${bar.bar} ${bar.size}`,
    value: barValue(bar),
    kind: bar.physical === "" ? "phantom" : bar.decoding ? "bar" : "asleep",
  }));
  return [...windows, ...places].map(({ word, value, kind }, i) =>
    factLine(word, { value, y: 73 + i * 17, kind }),
  );
}

/** Between the texts of a drawing a screen reader hears nothing: a comma that is not seen parts them. */
const parted = (parts: readonly SVGElement[]): readonly SVGElement[] =>
  parts.flatMap((part, i) => (i === 0 ? [part] : [s("text", { class: "comma" }, ", "), part]));

/** Everything that is written in a box. */
function words(one: Box): readonly SVGElement[] {
  const { device, hidden, height } = one;
  const { driver, className } = device;
  const more = text(`+ ${hidden} functions: press Enter`, { x: 13, y: height - 8, class: "box-more" });
  return [
    text(device.name, { x: 13, y: 20, class: "box-name" }),
    ...(driver === undefined
      ? []
      : [s("text", { class: "box-driver", x: boxWidth - 9, y: 20, "text-anchor": "end" }, driver)]),
    text(`${device.bdf} · ${device.ids}`, { x: 13, y: 37, class: "box-ids" }),
    s("svg", { width: boxWidth - 6, height: 60 }, text(className, { x: 13, y: 52, class: "box-class" })),
    ...facts(one),
    ...(hidden > 0 ? [more] : []),
  ];
}

function box(one: Box, { chosen, active }: { chosen: boolean; active: boolean }): SVGElement {
  const { device, x, y, height } = one;
  return s(
    "g",
    {
      class: `box ${device.kind}${active ? " active" : ""}`,
      transform: `translate(${x} ${y})`,
      role: "treeitem",
      tabindex: chosen ? 0 : -1,
      "aria-selected": String(chosen),
      "aria-level": device.depth + 1,
      "data-action": "device",
      "data-key": device.bdf,
      "data-vscode-context": deviceContext(device),
    },
    s(
      "rect",
      { class: "box-ground", width: boxWidth, height, rx: 6, "aria-hidden": "true" },
      s("title", {}, `${device.bdf} ${device.title}`),
    ),
    s("rect", { class: "box-edge", width: 4, height, rx: 2 }),
    ...parted(words(one)),
  );
}

/** A link bends once; what it is called stands on its last stretch. */
function link({ express, bus, from, end }: Link): readonly SVGElement[] {
  const path = `M${from.x} ${from.y} H${end.x - 75} V${end.y} H${end.x}`;
  const label = (words: string, y: number): SVGElement =>
    s("text", { class: "link-text", x: end.x - 6, y, "text-anchor": "end" }, words);
  return [
    s("path", { class: `link${express === "" ? "" : " express"}`, d: path }),
    label(express, end.y - 5),
    label(bus, end.y + 13),
  ];
}

/** The root bus is the line that what has nothing above hangs on. */
function rootBus({ links }: Hierarchy): readonly SVGElement[] {
  const top = links.filter(({ to }) => to.depth === 0);
  const x = (top[0]?.end.x ?? 92) - 75;
  const [first, last] = [top.at(0)?.end.y ?? 0, top.at(-1)?.end.y ?? 0];
  return [
    s("rect", { class: "root-bus", x: x - 3, y: first - 18, width: 6, height: last - first + 36, rx: 3 }),
    s("text", { class: "link-text", x: x + 8, y: first - 10 }, "bus 00"),
  ];
}

/** The Topology tab: who hangs on whom, over which link, and what each may answer to. */
export class HierarchyView {
  readonly element = h("div", { class: "view hierarchy" });
  readonly #select: (id: string) => void;
  readonly #open = new Set<string>();
  #again: () => void = () => undefined;

  constructor(select: (id: string) => void) {
    this.#select = select;
    this.element.addEventListener("click", (event) => this.#press(event.target));
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  draw(state: PanelState, looks: Looks): void {
    this.#again = () => this.draw(state, looks);
    const chosen = chosenDevice(state.devices, looks.selected);
    const active = new Set([...looks.changed.keys()].map((key) => key.split("/")[0]));
    const drawn = hierarchy(state.devices, { bars: state.bars, open: this.#open });
    const boxes = drawn.boxes.map((one) =>
      box(one, { chosen: one.device === chosen, active: active.has(one.device.bdf) }),
    );
    const { width, height } = drawn;
    const links = drawn.links.flatMap(link);
    const size = { width, height, viewBox: `0 0 ${width} ${height}` };
    const tree = { role: "tree", "aria-label": "Topology" };
    const legend = [
      ["window", "window of a bridge"],
      ["bar", "BAR"],
      ["asleep", "BAR that does not decode yet"],
      ["phantom", "BAR without an address"],
    ].map(([kind = "", words = ""]) => h("span", {}, h("span", { class: `swatch ${kind}` }), words));
    const picture = s(
      "svg",
      { class: "hierarchy-picture", ...size, ...tree },
      ...rootBus(drawn),
      ...links,
      ...boxes,
    );
    morph(
      this.element,
      h("div", { class: "view hierarchy" }, h("p", { class: "legend" }, ...legend), picture),
    );
  }

  #press(target: EventTarget | null): void {
    const found = (target as Element).closest<SVGElement>("[data-action=device]");
    if (found) this.#select(found.dataset["key"] ?? "");
  }

  #key(event: KeyboardEvent): void {
    const boxes = [...this.element.querySelectorAll<SVGElement>("[data-action=device]")];
    const index = boxes.indexOf(event.target as SVGElement);
    if (index < 0) return;
    const next = boxes[moved(index, { key: event.key, count: boxes.length }) ?? -1];
    if (next) {
      this.#select(next.dataset["key"] ?? "");
      next.focus();
    } else if (event.key === "Enter") this.#unfold(boxes[index]?.dataset["key"] ?? "");
    else return;
    event.preventDefault();
  }

  #unfold(bdf: string): void {
    this.#open.add(bdf);
    this.#again();
  }
}
