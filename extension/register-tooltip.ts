/** What hovering a register shows: its bits as a ruler, its fields as a table. */
import type { FieldView, Hex, RegisterView } from "../emulator/machine/views";
import { t } from "./l10n";
import { padded } from "./plain-text";

const accessWords: Readonly<Record<string, string>> = {
  ro: t("read only"),
  rw: t("read and write"),
  wo: t("write only"),
  rc: t("cleared by reading"),
  w1c: t("cleared by writing 1"),
  w1s: t("set by writing 1"),
};

/** `rw` in words; an access without words says itself. */
export const accessText = (access: string): string => accessWords[access] ?? access;

/** `[7:0]`, or `[7]` for a single bit. */
export const bitsText = ([msb, lsb]: FieldView["bits"]): string =>
  msb === lsb ? `[${msb}]` : `[${msb}:${lsb}]`;

const letter = (index: number): string => String.fromCharCode("a".charCodeAt(0) + (index % 26));

const nibbles = (bits: string): string => (bits.match(/.{4}/g) ?? []).join(" ");

/** The value's bits, and under each bit the letter of its field. */
export function bitRuler(register: Pick<RegisterView, "value" | "width" | "fields">): string {
  const { width, value, fields } = register;
  const owners = Array.from({ length: width }, (_, i) => {
    const bit = width - 1 - i;
    const owner = fields.findIndex(({ bits: [msb, lsb] }) => bit <= msb && bit >= lsb);
    return owner < 0 ? "·" : letter(owner);
  });
  const bits = nibbles(BigInt(value).toString(2).padStart(width, "0"));
  return fields.length === 0 ? bits : `${bits}\n${nibbles(owners.join(""))}`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function fieldLine(field: FieldView, index: number): string {
  const value = field.meaning === undefined ? `\`${field.value}\`` : `\`${field.value}\` ${field.meaning}`;
  return `| \`${letter(index)}\` | \`${bitsText(field.bits)}\` | **${cell(field.name)}** | ${cell(value)} | ${field.access} | ${cell(field.doc)} |`;
}

function fieldTable(fields: readonly FieldView[]): readonly string[] {
  if (fields.length === 0) return [];
  return [
    "",
    `| | ${t("Bits")} | ${t("Field")} | ${t("Value")} | ${t("Access")} | |`,
    "|-|-|-|-|-|-|",
    ...fields.map(fieldLine),
  ];
}

/** What a read gives of it has a meaning. */
export const isReadable = ({ access, fields }: Pick<RegisterView, "access" | "fields">): boolean =>
  access !== "wo" || fields.some((field) => field.access !== "wo");

/** The number in each way that people write it. */
function radixes({ value, width }: RegisterView): string {
  return `\`${padded(value, width)}\` = \`${BigInt(value)}\``;
}

function facts(register: RegisterView, { old, way }: Told): string {
  const changed = old === undefined ? "" : ` (${t("was {0}", `\`${old}\``)})`;
  const value = isReadable(register) ? `${radixes(register)}${changed} · ` : "";
  const where = way ?? (register.physical === undefined ? "" : t("physical {0}", `\`${register.physical}\``));
  return `${value}${accessText(register.access)} · ${t("{0} bits", register.width)}${where === "" ? "" : `\n\n${where}`}`;
}

interface Told {
  /** The value it had before the last change. */
  readonly old?: string;
  /** The addresses that lead to it. */
  readonly way?: string;
}

/** Markdown. */
export function registerTooltip(register: RegisterView, told: Told = {}): string {
  const warning = register.readSideEffect
    ? ["", t("$(warning) Reading it on the bus changes the device; looking here does not.")]
    : [];
  const spec = register.spec === undefined ? "" : ` (${register.spec})`;
  return [
    `**${register.id}** ${facts(register, told)}`,
    "",
    `${register.doc}${spec}`,
    ...warning,
    "",
    ...(isReadable(register) ? ["```text", bitRuler(register), "```"] : []),
    ...fieldTable(register.fields),
    "",
    t("Reset: {0}", `\`${padded(register.reset, register.width)}\``),
  ].join("\n");
}

/** Markdown. */
export function fieldTooltip(register: RegisterView, field: FieldView): string {
  const meaning = field.meaning === undefined ? "" : ` · ${field.meaning}`;
  const value = field.access === "wo" ? "" : ` = \`${field.value}\`${meaning}`;
  return `**${register.id}.${field.name}** \`${bitsText(field.bits)}\`${value} · ${accessText(field.access)}\n\n${field.doc}`;
}

/** `0x5` of a field as a number people read: hexadecimal from ten on. */
export const fieldValue = (value: Hex): string => (BigInt(value) < 10n ? BigInt(value).toString() : value);
