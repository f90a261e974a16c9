/** What can be copied of a function, a BAR or a register: the same thing in the words of other tools. */
import type { FieldView, FunctionView, RegisterView } from "../emulator/machine/views";
import { barKindText, barName } from "./device-text";
import { padded, sizeText } from "./plain-text";
import { accessText, bitsText } from "./register-tooltip";
import type { Subject } from "./subject";

export type CopyKind = "address" | "bdf" | "value" | "setpci" | "devmem" | "macro" | "markdown";

const hex = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;
const constant = (text: string): string => text.replace(/\W+/g, "_").toUpperCase();
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |\n`).join("");

const suffix: Readonly<Record<number, string>> = { 8: "b", 16: "w", 32: "l" };

/** `setpci -s 0000:01:00.0 0x04.w`: for registers of configuration space that setpci can read. */
function setpci({ view, bar, register }: Subject): string | undefined {
  if (bar && !register && bar.kind !== "rom") return `setpci -s ${view.bdf} ${hex(0x10 + 4 * bar.index)}.l`;
  const width = register && suffix[register.width];
  return bar || !register || width === undefined
    ? undefined
    : `setpci -s ${view.bdf} ${hex(register.offset)}.${width}`;
}

function devmem({ bar, register }: Subject): string | undefined {
  const at = register?.physical ?? (register ? undefined : bar?.physical);
  return at === undefined || bar?.kind === "io" ? undefined : `devmem ${at} ${register?.width ?? 32}`;
}

const mask = (name: string, { bits: [msb, lsb] }: FieldView): string =>
  `#define ${name} ${msb === lsb ? `BIT(${lsb})` : `GENMASK(${msb}, ${lsb})`}\n`;

/** The offset, and a mask for every field. */
function macro({ register }: Subject): string | undefined {
  if (!register) return undefined;
  const name = constant(register.id);
  const fields = register.fields.map((field) => mask(`${name}_${constant(field.name)}`, field));
  return `#define ${name} ${hex(register.offset)}\n${fields.join("")}`;
}

function registerTable(register: RegisterView): string {
  const head = `**${register.id}** = \`${padded(register.value, register.width)}\`, ${accessText(register.access)}. ${register.doc}\n`;
  if (register.fields.length === 0) return head;
  const rows = register.fields.map((field) => [
    `\`${bitsText(field.bits)}\``,
    field.name,
    `\`${field.value}\`${field.meaning === undefined ? "" : ` ${field.meaning}`}`,
    field.access,
    field.doc,
  ]);
  return `${head}\n${table(["Bits", "Field", "Value", "Access", ""], rows)}`;
}

function functionTable(view: FunctionView): string {
  const head = `**${view.bdf}** ${view.className}: ${view.title} [${view.vendor}:${view.device}]\n`;
  if (view.bars.length === 0) return head;
  const rows = view.bars.map((bar) => [
    barName(bar),
    barKindText(bar),
    bar.physical === undefined ? "no address" : `\`${bar.physical}\``,
    sizeText(bar.size),
  ]);
  return `${head}\n${table(["BAR", "Kind", "Address", "Size"], rows)}`;
}

const texts: Readonly<Record<CopyKind, (subject: Subject) => string | undefined>> = {
  address: ({ bar, register }) => register?.physical ?? (register ? undefined : bar?.physical),
  bdf: ({ view }) => view.bdf,
  value: ({ register }) => register && padded(register.value, register.width),
  setpci,
  devmem,
  macro,
  markdown: ({ view, register }) => (register ? registerTable(register) : functionTable(view)),
};

/** Undefined where it has no meaning: a BAR has no value, ports have no devmem. */
export const copyText = (kind: CopyKind, subject: Subject): string | undefined => texts[kind](subject);
