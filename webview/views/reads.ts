import { h } from "../dom";
import type { ReadOnTheWay } from "../protocol-explain";

/** A word that leads on: to the way of another address, or to a register. */
export const lead = (
  action: "ask" | "register",
  { text, title, key = text }: { text: string; title: string; key?: string },
): HTMLElement =>
  h("button", { class: "lead", type: "button", title, "data-action": action, "data-key": key }, text);

export const toRegister = (id: string): HTMLElement =>
  lead("register", { text: id, title: `Show the bits of ${id}` });

/** A register leads to its bits; a table entry, which is memory, to the way of its address. */
export const toRead = ({ what, at }: Pick<ReadOnTheWay, "what" | "at">): HTMLElement =>
  what.includes(".") ? toRegister(what) : lead("ask", { text: what, title: `Follow ${at}`, key: at });

const bitsText = ([msb, lsb]: readonly [number, number]): string =>
  msb === lsb ? `bit ${msb}` : `bits ${msb} to ${lsb}`;

function bits({ name, bits: [msb, lsb], value, meaning }: ReadOnTheWay["bits"][number]): HTMLElement {
  const title = `${name}, ${bitsText([msb, lsb])}`;
  return h(
    "span",
    { class: "read-bits", title },
    h("span", { class: "quiet" }, name),
    h("span", { class: "mono" }, value),
    meaning,
  );
}

/** What was read here: where it lies, its value, and the bits that counted. */
export function readOnTheWay(read: ReadOnTheWay): HTMLElement {
  return h(
    "div",
    { class: "read" },
    toRead(read),
    h("code", { title: read.at }, read.value),
    ...read.bits.map(bits),
  );
}
