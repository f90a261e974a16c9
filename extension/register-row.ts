/** A register and its fields as rows of a tree. */
import type { FieldView, RegisterView } from "../emulator/machine/views";
import { t } from "./l10n";
import { inRadix, type Radix } from "./plain-text";
import {
  accessText,
  bitsText,
  fieldTooltip,
  fieldValue,
  isReadable,
  registerTooltip,
} from "./register-tooltip";
import type { Row } from "./row";
import { accessWord, type WatchAccess } from "./watchpoint-spec";

/** What the rows of all registers have in common. */
export interface Shown {
  readonly radix: Radix;
  /** The access watched per register id. */
  readonly watched: ReadonlyMap<string, WatchAccess>;
  /** Rows whose value differs now, with the value they had. */
  readonly changed: ReadonlyMap<string, string>;
}

interface Place {
  readonly parent: string;
  /** The addresses that lead to it: `virtual 0xffff… → physical 0x… → bus 0x… → BAR0 + 0x8`. */
  readonly way: () => string;
  readonly configuration: boolean;
}

const WRITE_ONLY = t("write-only");

export const registerRowId = (parent: string, register: RegisterView): string => `${parent}/${register.id}`;

export function registerRow(
  register: RegisterView,
  { parent, way, configuration }: Place,
  shown: Shown,
): Row {
  const id = registerRowId(parent, register);
  const watch = shown.watched.get(register.id);
  const old = shown.changed.get(id);
  const readable = isReadable(register);
  return {
    id,
    label: register.name,
    description: [
      readable ? inRadix(register.value, register.width, shown.radix) : WRITE_ONLY,
      ...(readable ? [register.access] : []),
      `+0x${register.offset.toString(16)}`,
      ...(old === undefined
        ? []
        : [t("was {0}", inRadix(old as RegisterView["value"], register.width, shown.radix))]),
      ...(watch === undefined ? [] : [t("breaks on {0}", accessWord(watch))]),
    ].join(" · "),
    tooltip: () => registerTooltip(register, { way: way(), ...(old !== undefined && { old }) }),
    ...registerIcon(register, { watch, changed: old !== undefined }),
    context: [
      `register ${register.access}`,
      ...(watch === undefined ? [] : ["watched"]),
      ...(register.physical === undefined ? [] : ["address"]),
      ...(configuration ? ["configuration"] : []),
    ].join(" "),
    spoken: [register.id, accessText(register.access)].join(", "),
    parent,
    children: register.fields.map((field) => fieldRowId(id, field)),
    expanded: false,
    register: register.id,
    writes: register.id,
    ...(readable && { value: inRadix(register.value, register.width, 16) }),
    ...(register.physical !== undefined && { address: register.physical }),
  };
}

const fieldRowId = (parent: string, { name }: FieldView): string => `${parent}#${name}`;

export function fieldRow(
  field: FieldView,
  { parent, register }: { parent: string; register: RegisterView },
  shown: Shown,
): Row {
  const id = fieldRowId(parent, field);
  const old = shown.changed.get(id);
  const readable = field.access !== "wo";
  const value =
    shown.radix === 16 ? fieldValue(field.value) : inRadix(field.value, width(field), shown.radix);
  const meaning = field.meaning === undefined || !readable ? "" : ` · ${field.meaning}`;
  return {
    id,
    label: `${field.name} ${bitsText(field.bits)}`,
    description: `${readable ? value : WRITE_ONLY}${meaning}${old === undefined ? "" : ` · ${t("was {0}", old)}`}`,
    tooltip: () => fieldTooltip(register, field),
    icon: "symbol-field",
    ...(old !== undefined && { color: "charts.yellow" }),
    context: "field",
    spoken: `${register.id}, ${accessText(field.access)}`,
    parent,
    children: [],
    expanded: false,
    writes: `${register.id}.${field.name}`,
    ...(readable && { value: fieldValue(field.value) }),
  };
}

const width = ({ bits: [msb, lsb] }: FieldView): number => msb - lsb + 1;

function registerIcon(
  register: RegisterView,
  { watch, changed }: { watch: WatchAccess | undefined; changed: boolean },
): Pick<Row, "icon" | "color"> {
  if (watch !== undefined) return { icon: "debug-breakpoint-data", color: "debugIcon.breakpointForeground" };
  const icon = register.readSideEffect ? "warning" : register.access === "ro" ? "lock" : "symbol-variable";
  return changed ? { icon, color: "charts.yellow" } : { icon };
}
