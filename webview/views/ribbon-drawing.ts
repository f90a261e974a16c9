import { h, s } from "../dom";
import { hex, sizeText } from "../view-model/addresses";
import type { Block, Ribbon, Strip } from "../view-model/ribbon";

const percent = (fraction: number): string => `${(fraction * 100).toFixed(3)}%`;

/** A BAR is seen even where it would be thinner than a line. */
function block(one: Block, { y, height }: { y: number; height: number }): SVGElement {
  const thin = one.kind === "bar" ? Math.max(one.width, 0.004) : one.width;
  return s(
    "rect",
    {
      class: `block ${one.kind}${one.dead ? " dead" : ""}`,
      x: percent(Math.min(one.x, 1 - thin)),
      width: percent(thin),
      y,
      height,
      rx: 2,
    },
    s("title", {}, one.title),
  );
}

/** A window that holds another one leaves the label to it. */
const holdsNone = (one: Block, _index: number, all: readonly Block[]): boolean =>
  !all.some((other) => other !== one && other.start >= one.start && other.end <= one.end);

/** Text in a drawing of its own, which cuts it at the block's edge. */
function label(one: Block, y: number): SVGElement {
  const text = s("text", { class: `block-label ${one.kind}${one.dead ? " dead" : ""}`, x: 5, y }, one.label);
  return s("svg", { x: percent(one.x), width: percent(one.width), "aria-hidden": "true" }, text);
}

function drawing(strip: Strip, { height, labels }: { height: number; labels: boolean }): SVGElement {
  const bars = { y: 3, height: height - 6 };
  const texts = labels
    ? [
        ...strip.ground.filter(holdsNone).map((one) => label(one, height - 6)),
        ...strip.bars.map((one) => label(one, 19)),
      ]
    : [];
  return s(
    "svg",
    {
      class: "strip",
      width: "100%",
      height,
      role: "img",
      "aria-label": strip.bars.map(({ title }) => title).join("; "),
    },
    ...strip.ground.map((one) => block(one, { y: 0, height })),
    ...strip.bars.map((one) => block(one, labels ? { y: 4, height: height - 24 } : bars)),
    ...texts,
  );
}

const edges = ({ start, end }: Strip): HTMLElement =>
  h(
    "div",
    { class: "edges mono" },
    h("span", {}, hex(start)),
    h("span", {}, sizeText(end - start + 1n)),
    h("span", {}, hex(end)),
  );

/** From a part of the overview to the whole of the strip below it. */
function lens(from: { x: number; width: number }, to: { x: number; width: number }): SVGElement {
  const [a, b, c, d] = [from.x, from.x + Math.max(from.width, 0.004), to.x + to.width, to.x].map(
    (x) => x * 1000,
  );
  return s("polygon", { class: "lens", points: `${a},0 ${b},0 ${c},26 ${d},26` });
}

function lenses(zooms: Ribbon["zooms"]): SVGElement {
  const share = 1 / zooms.length;
  const all = zooms.map((zoom, i) => lens(zoom, { x: i * share, width: share * 0.985 }));
  const attributes = { viewBox: "0 0 1000 26", preserveAspectRatio: "none", width: "100%", height: 26 };
  return s("svg", { class: "lenses", "aria-hidden": "true", ...attributes }, ...all);
}

const words = { bar: "BAR", window: "bridge window", ram: "System RAM" };

function legend(): HTMLElement {
  const entries = (["bar", "window", "ram"] as const).map((kind) =>
    h("span", {}, h("span", { class: `swatch ${kind}` }), words[kind]),
  );
  return h("p", { class: "legend" }, ...entries);
}

/** The address space to scale, and below it each crowd of BARs enlarged. */
export function ribbonDrawing({ overview, zooms }: Ribbon): HTMLElement {
  const enlarged = zooms.map((zoom) =>
    h("div", { class: "zoom" }, drawing(zoom, { height: 54, labels: true }), edges(zoom)),
  );
  return h(
    "figure",
    { class: "ribbon" },
    h("figcaption", {}, "Memory BARs on the CPU's physical addresses, to scale"),
    edges(overview),
    drawing(overview, { height: 26, labels: false }),
    lenses(zooms),
    h("div", { class: "zooms" }, ...enlarged),
    legend(),
  );
}
