import { h } from "../dom";
import type { FieldRow, RegisterRow } from "../protocol";
import { type BitRun, bitRows } from "../view-model/bits";

const bitsText = (msb: number, lsb: number): string => (msb === lsb ? `${msb}` : `${msb}:${lsb}`);

/** A name that does not fit under its bits is left to the table below. */
const shortEnough = (name: string, bits: number): boolean => name.length <= bits * 4.5;

/** Fields take turns at five colours; what no field owns has none. */
const tone = (field: number): string => (field < 0 ? "none" : String(field % 5));

function digit(bit: number, value: string): HTMLElement {
  return h("span", { class: "bit", "data-on": value === "1" }, h("sub", {}, String(bit)), value);
}

/** What is written under a run: nothing in a register without fields, which is one value. */
function runName(register: RegisterRow, { digits, field }: BitRun): string | false {
  const name = register.fields[field]?.name ?? "reserved";
  return register.fields.length > 0 && shortEnough(name, digits.length) && name;
}

function run(register: RegisterRow, one: BitRun): HTMLElement {
  const { msb, digits, field } = one;
  const owner = register.fields[field];
  const title =
    owner && `${owner.name} [${bitsText(owner.msb, owner.lsb)}] = ${owner.value} ${owner.meaning}`;
  return h(
    "div",
    { class: "bit-run", "data-tone": tone(field), title },
    h("div", { class: "bit-digits" }, ...[...digits].map((value, i) => digit(msb - i, value))),
    h("div", { class: "bit-name" }, runName(register, one)),
  );
}

/** Every value with a name, the present one marked; the name alone where the table has no more. */
function meanings({ value, meaning, meanings: all }: FieldRow): HTMLElement {
  const one = (known: FieldRow["meanings"][number]): HTMLElement =>
    h("span", { class: "enumerator", "data-now": known.value === value }, `${known.value} ${known.name}`);
  return h("td", { class: "enumeration" }, ...(all.length > 0 ? all.map(one) : [meaning]));
}

function fieldLine(register: RegisterRow, index: number): HTMLElement {
  const field = register.fields[index];
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, h("span", { class: "swatch", "data-tone": tone(index) }), field?.name),
    h("td", { class: "mono" }, `[${bitsText(field?.msb ?? 0, field?.lsb ?? 0)}]`),
    h("td", { class: "mono" }, field?.value),
    field ? meanings(field) : h("td", {}),
    h("td", { class: "doc" }, field?.doc),
  );
}

/** A register's bits as a datasheet draws them, with its fields as a table below. */
export function bitRuler(register: RegisterRow): HTMLElement {
  const rows = bitRows(register.value, register.width, register.fields).map((runs) =>
    h("div", { class: "bit-row" }, ...runs.map((one) => run(register, one))),
  );
  return h(
    "div",
    { class: "bits" },
    h("p", { class: "doc" }, register.doc),
    h("div", { class: "bit-rows", "aria-hidden": "true" }, ...rows),
    register.fields.length > 0 &&
      h(
        "table",
        { class: "fields", "aria-label": `Fields of ${register.id}` },
        h("tbody", {}, ...register.fields.map((_, index) => fieldLine(register, index))),
      ),
  );
}
