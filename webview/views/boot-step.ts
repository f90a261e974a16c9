import { h, icon, s } from "../dom";
import type { BootStep, UnplacedView } from "../protocol-boot";
import { sizeText } from "../view-model/addresses";
import { itemText, type Strip, stepText, stripOf } from "../view-model/boot";

const percent = (fraction: number): string => `${(fraction * 100).toFixed(3)}%`;

function drawing({ parts, window }: Strip): SVGElement {
  const blocks = parts.map(({ kind, x, width, title }) => {
    const thin = Math.max(width, 0.004);
    const place = { x: percent(Math.min(x, 1 - thin)), width: percent(thin), y: kind === "chosen" ? 0 : 3 };
    const height = kind === "chosen" ? 30 : 24;
    return s("rect", { class: `boot-part ${kind}`, ...place, height, rx: 2 }, s("title", {}, title));
  });
  const label = `${window}: ${parts.map(({ kind, title }) => `${kind} ${title}`).join("; ")}`;
  return s(
    "svg",
    { class: "boot-strip", width: "100%", height: 30, role: "img", "aria-label": label },
    ...blocks,
  );
}

function strip(one: Strip): HTMLElement {
  const { window, start, end, size, refused, parts } = one;
  const why = parts.filter(({ kind }) => kind === "refused").map(({ title }) => h("li", {}, title));
  return h(
    "div",
    { class: "boot-window" },
    h(
      "p",
      {},
      h("b", {}, window),
      h("span", { class: "quiet" }, ` ${size}${refused === "" ? "" : `, not looked into: ${refused}`}`),
    ),
    refused === "" && drawing(one),
    refused === "" && h("div", { class: "edges mono" }, h("span", {}, start), h("span", {}, end)),
    why.length > 0 && h("ul", { class: "boot-refusals" }, ...why),
  );
}

/** What Linux decided, what it looked into, and its own words. */
export function bootStep(step: BootStep): readonly (HTMLElement | false)[] {
  const { failed, tried = [], chosen, line, optional, round } = step;
  const notes = [
    ...(optional ? ["Room for hot-plug and virtual functions is asked for, too."] : []),
    ...(round > 1 ? [`Try ${round}.`] : []),
  ];
  return [
    h(
      "p",
      { class: `sentence${failed === undefined ? "" : " dead"}`, role: "status" },
      icon(failed === undefined ? "pass-filled" : "error"),
      stepText(step),
    ),
    notes.length > 0 && h("p", { class: "quiet boot-notes" }, notes.join(" ")),
    ...tried.map((one) => strip(stripOf(one, chosen))),
    line !== "" && h("pre", { class: "kernel-lines", tabindex: 0 }, line),
  ];
}

function phantom(one: UnplacedView): HTMLElement {
  const size = sizeText(BigInt(one.size));
  const gap = sizeText(BigInt(one.largestGap));
  return h("li", {}, h("b", {}, itemText(one)), `, ${size}; the largest gap is ${gap}. ${one.reason}`);
}

/** What has no place in the end. */
export const phantoms = (unplaced: readonly UnplacedView[]): HTMLElement | false =>
  unplaced.length > 0 &&
  h(
    "section",
    { class: "boot-phantoms" },
    h("h3", {}, "Without a place"),
    h("ul", {}, ...unplaced.map(phantom)),
  );
