import { h, icon } from "../dom";
import type { Alias, HopRow, TranslationView } from "../protocol-explain";
import { hopIcon, hopWord, spaceOf, stops } from "../view-model/path";
import { type Slice, type Stage, slices, stages } from "../view-model/walk";
import { lead, readOnTheWay, toRegister } from "./reads";

function way(hops: readonly HopRow[]): HTMLElement {
  const parts = stops(hops).flatMap(({ space, text }, index) => [
    ...(index === 0 ? [] : [icon("arrow-right")]),
    h("span", { class: "stop mono", "data-space": space }, text),
  ]);
  return h("p", { class: "way", "aria-label": "The way in short" }, ...parts);
}

function fact({ label, value }: HopRow["facts"][number]): HTMLElement {
  const shown = label === "entry at" ? lead("ask", { text: value, title: `Follow ${value}` }) : value;
  return h("div", { class: "fact" }, h("dt", {}, label), h("dd", { class: "mono" }, shown));
}

const facts = (all: HopRow["facts"]): HTMLElement | false =>
  all.length > 0 && h("dl", { class: "facts" }, ...all.map(fact));

/** A stop on the rail: its mark, and a card that says what happened there. */
function card(
  key: string,
  { kind, content }: { kind: string; content: readonly (HTMLElement | false)[] },
): HTMLElement {
  return h(
    "li",
    { class: `hop hop-${kind}`, "data-space": spaceOf(kind), "data-key": key },
    h("span", { class: "hop-mark" }, icon(hopIcon(kind))),
    h("div", { class: "hop-card", tabindex: 0 }, ...content),
  );
}

function head({ kind, title, address }: Pick<HopRow, "kind" | "title" | "address">): HTMLElement {
  const word = hopWord(kind);
  return h(
    "div",
    { class: "hop-head" },
    h("span", { class: "hop-kind" }, word),
    title !== word && h("span", { class: "hop-title" }, kind === "register" ? toRegister(title) : title),
    address !== "" && h("code", { class: "hop-address" }, address),
  );
}

function slice({ name, msb, lsb, value }: Slice): HTMLElement {
  return h(
    "div",
    { class: `slice${name === "offset" ? " offset" : ""}` },
    h("span", { class: "slice-bits" }, `${msb}:${lsb}`),
    h("span", { class: "slice-value mono" }, value),
    h("span", { class: "slice-name" }, name),
  );
}

function level({ title, facts: all, address, reads }: HopRow): HTMLElement {
  const head = h("h4", {}, title, h("code", {}, address));
  return h("div", { class: "level" }, head, facts(all), ...reads.map(readOnTheWay));
}

/** The levels of a page walk side by side, below the bits that chose the entries. */
function walk(levels: readonly HopRow[], { key, from }: { key: string; from: string }): HTMLElement {
  const bits = from === "" ? [] : slices(from, levels).map(slice);
  const title = `Page walk, ${levels.length} levels`;
  const content = [
    head({ kind: "page-table", title, address: "" }),
    h("div", { class: "slices" }, ...bits),
    h("div", { class: "levels" }, ...levels.map(level)),
  ];
  return card(key, { kind: "page-table", content });
}

function stage(one: Stage, index: number, all: readonly Stage[]): HTMLElement {
  const before = all[index - 1];
  if (one.kind === "walk") {
    const from = before?.kind === "hop" ? before.hop.address : "";
    return walk(one.levels, { key: `${index} walk`, from });
  }
  const { hop } = one;
  const content = [head(hop), facts(hop.facts), ...hop.reads.map(readOnTheWay)];
  return card(`${index} ${hop.kind}`, { kind: hop.kind, content });
}

/** The way in one line, and hop by hop. */
export const wayOf = (hops: readonly HopRow[]): readonly HTMLElement[] => [
  way(hops),
  h("ol", { class: "hops", "aria-label": "Hop by hop" }, ...stages(hops).map(stage)),
];

/** What it comes to. */
export const verdict = (sentence: string, dead: boolean): HTMLElement =>
  h(
    "p",
    { class: `sentence${dead ? " dead" : ""}`, role: "status" },
    icon(dead ? "error" : "pass-filled"),
    sentence,
  );

function alias({ space, address, by }: Alias): HTMLElement {
  const leads = lead("ask", { text: address, title: `Follow ${address}` });
  return h("li", {}, h("span", { class: "quiet" }, space), leads, h("span", { class: "quiet" }, by));
}

const aliases = (all: readonly Alias[]): HTMLElement | false =>
  all.length > 0 &&
  h("section", { class: "aliases" }, h("h3", {}, "Also reached by"), h("ul", {}, ...all.map(alias)));

/** The answer in a sentence, in one line, and hop by hop; then every other address of the same byte. */
export function journey(translation: TranslationView): readonly (HTMLElement | false)[] {
  const { dead, sentence, hops } = translation;
  return [verdict(sentence, dead), ...wayOf(hops), aliases(translation.aliases)];
}
