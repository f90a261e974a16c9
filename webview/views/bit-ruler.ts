import { h, spoken } from "../dom";
import type { FieldRow, RegisterRow } from "../protocol";
import { type BitRun, bitRows } from "../view-model/bits";
import { unreadable } from "../view-model/readable";
import { extract, paddedHex } from "../view-model/staging";

const bitsText = (msb: number, lsb: number): string => (msb === lsb ? `${msb}` : `${msb}:${lsb}`);

/** A name that does not fit under its bits is left to the table below. */
const shortEnough = (name: string, bits: number): boolean => name.length <= bits * 4.5;

/** Fields take turns at five colours; what no field owns has none. */
const tone = (field: number): string => (field < 0 ? "none" : String(field % 5));

/** A register whose bits can be pressed. */
export interface Staging {
  /** What would be written. */
  readonly value: bigint;
  /** The bit that Tab reaches. */
  readonly bit: number;
}

/** How the bits of one register are drawn. */
interface Face {
  readonly register: RegisterRow;
  readonly staging: Staging | undefined;
}

const bitOf = (value: string, bit: number): string => ((BigInt(value) >> BigInt(bit)) & 1n).toString();

function digit({ register, staging }: Face, { bit, value }: { bit: number; value: string }): HTMLElement {
  const content = h("span", { class: "bit-face", "aria-hidden": "true" }, h("sub", {}, String(bit)), value);
  if (!staging) return h("span", { class: "bit", "data-on": value === "1" }, content);
  const owner = register.fields.find(({ msb, lsb }) => bit <= msb && bit >= lsb);
  const name = `bit ${bit}${owner ? `, ${owner.name}, ${owner.access}` : ""}`;
  return h(
    "button",
    {
      class: "bit",
      type: "button",
      tabindex: bit === staging.bit ? 0 : -1,
      "aria-pressed": String(value === "1"),
      "data-on": value === "1",
      "data-staged": value !== bitOf(register.value, bit),
      "data-action": "bit",
      "data-bit": bit,
    },
    spoken(name),
    content,
  );
}

/** What is written under a run: nothing in a register without fields, which is one value. */
function runName(register: RegisterRow, { digits, field }: BitRun): string | false {
  const name = register.fields[field]?.name ?? "reserved";
  return register.fields.length > 0 && shortEnough(name, digits.length) && name;
}

function run(face: Face, one: BitRun): HTMLElement {
  const { register } = face;
  const { msb, digits, field } = one;
  const owner = register.fields[field];
  const title =
    owner && `${owner.name} [${bitsText(owner.msb, owner.lsb)}] = ${owner.value} ${owner.meaning}`;
  return h(
    "div",
    { class: "bit-run", "data-tone": tone(field), title },
    h("div", { class: "bit-digits" }, ...[...digits].map((value, i) => digit(face, { bit: msb - i, value }))),
    h("div", { class: "bit-name" }, runName(register, one)),
  );
}

/** A value of a field by its name: pressed, it is staged. */
function enumerator(known: FieldRow["meanings"][number], { field, now, staged }: Enumerated): HTMLElement {
  const words = `${known.value} ${known.name}`;
  const present = known.value === now.value;
  if (staged === undefined) return h("span", { class: "enumerator", "data-now": present }, words);
  return h(
    "button",
    {
      class: "enumerator",
      type: "button",
      "data-now": present,
      "aria-pressed": String(BigInt(known.value) === staged),
      "data-action": "enumerator",
      "data-field": field,
      "data-value": known.value,
    },
    words,
  );
}

interface Enumerated {
  /** Index in the register's fields. */
  readonly field: number;
  readonly now: FieldRow;
  /** What would be written to the field. */
  readonly staged: bigint | undefined;
}

/** Every value with a name, the present one marked; the name alone where the table has no more. */
function meanings(one: Enumerated): HTMLElement {
  const { meaning, meanings: all } = one.now;
  const names = all.map((known) => enumerator(known, one));
  return h("td", { class: "enumeration" }, ...(names.length > 0 ? names : [meaning]));
}

function fieldLine({ register, staging }: Face, field: number): HTMLElement {
  const now = register.fields[field];
  const staged = staging && now && extract(staging.value, now);
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, h("span", { class: "swatch", "data-tone": tone(field) }), now?.name),
    h("td", { class: "mono" }, `[${bitsText(now?.msb ?? 0, now?.lsb ?? 0)}]`),
    h("td", { class: "mono" }, unreadable(register) ? "" : now?.value),
    now ? meanings({ field, now, staged }) : h("td", {}),
    h("td", { class: "access" }, now?.access),
    h("td", { class: "doc" }, now?.doc),
  );
}

/** A register's bits as a datasheet draws them, with its fields as a table below. With `staging` they can be pressed. */
export function bitRuler(register: RegisterRow, staging?: Staging): HTMLElement {
  const face = { register, staging };
  const value = staging ? paddedHex(staging.value, register.width) : register.value;
  const rows = bitRows(value, register.width, register.fields).map((runs) =>
    h("div", { class: "bit-row" }, ...runs.map((one) => run(face, one))),
  );
  const bits = staging
    ? { role: "group", "aria-label": `Bits of ${register.id}, to be written` }
    : { "aria-hidden": "true" };
  const lines = register.fields.map((_, index) => fieldLine(face, index));
  const table = { class: "fields", "aria-label": `Fields of ${register.id}` };
  return h(
    "div",
    { class: "bits" },
    h("p", { class: "doc" }, register.doc),
    h("div", { class: "bit-rows", ...bits }, ...rows),
    lines.length > 0 && h("table", table, h("tbody", {}, ...lines)),
  );
}
