/** The Devices tree as rows: made anew from each state, with ids that stay. */
import type { BarView, FieldView, FunctionKind, FunctionView, RegisterView } from "../emulator/machine/views";
import { barKindText, barName, barTooltip, functionTooltip } from "./device-text";
import { type Families, familiesOf } from "./families";
import { padded, sizeText } from "./plain-text";
import { accessText, bitsText, fieldValue, registerTooltip } from "./register-tooltip";
import type { Row, Rows } from "./row";
import { accessWord, type WatchAccess } from "./watchpoint-spec";

export interface TreeSource {
  readonly functions: readonly FunctionView[];
  /** The access watched per register id. */
  readonly watched: ReadonlyMap<string, WatchAccess>;
  /** Rows whose value differs now, with the value they had. */
  readonly changed: ReadonlyMap<string, string>;
}

const functionIcons: Readonly<Record<FunctionKind, string>> = {
  "host-bridge": "server",
  "root-port": "plug",
  bridge: "type-hierarchy",
  endpoint: "circuit-board",
};
const kindWords: Readonly<Record<FunctionKind, string>> = {
  "host-bridge": "host bridge",
  "root-port": "root port",
  bridge: "bridge",
  endpoint: "endpoint",
};
/** Rows in the order they are added; a parent is added before its children. */
class Growing {
  readonly roots: string[] = [];
  readonly byId = new Map<string, Row>();
  readonly #source: TreeSource;
  readonly #families: Families;

  constructor(source: TreeSource) {
    this.#source = source;
    this.#families = familiesOf(source.functions);
    for (const view of this.#families.get(undefined) ?? []) this.roots.push(this.#function(view));
  }

  #add(row: Row): string {
    this.byId.set(row.id, row);
    return row.id;
  }

  #function(view: FunctionView): string {
    const below = this.#families.get(view.bdf) ?? [];
    const children = [
      ...below.map((child) => this.#function(child)),
      ...view.bars.map((bar) => this.#bar(view, bar)),
      ...(view.config.length > 0 ? [this.#configuration(view)] : []),
    ];
    const driver = view.driver === undefined ? "" : ` · driver ${view.driver}`;
    const ids = `${view.vendor}:${view.device}`;
    return this.#add({
      id: view.bdf,
      label: view.name,
      description: `${view.bdf} · ${ids} · ${view.className}${driver}`,
      tooltip: () => functionTooltip(view),
      icon: functionIcons[view.kind],
      ...(view.driver !== undefined && { color: "charts.green" }),
      context: `function ${view.kind}`,
      spoken: `${view.name}, ${kindWords[view.kind]}, ${view.className}, ${ids}, at ${view.bdf}${driver}`,
      ...(view.parent !== undefined && { parent: view.parent }),
      children,
      expanded: view.kind !== "host-bridge",
    });
  }

  #bar(view: FunctionView, bar: BarView): string {
    const id = `${view.bdf}/${barName(bar)}`;
    const state = bar.decoding ? "" : " · not decoding";
    const address = bar.physical ?? bar.bus;
    return this.#add({
      id,
      label: barName(bar),
      description: `${address ?? "no address"} · ${sizeText(bar.size)} · ${barKindText(bar)}${state}`,
      tooltip: () => barTooltip(view, bar),
      ...barIcon(bar),
      context: `bar${bar.physical === undefined ? "" : " address"}`,
      spoken: `${barName(bar)} of ${view.name}, ${barKindText(bar)}, ${sizeText(bar.size)}, ${address ?? "no address"}${bar.decoding ? "" : `, ${bar.why ?? "not decoding"}`}`,
      parent: view.bdf,
      children: bar.registers.map((register) => this.#register(id, register)),
      expanded: bar.registers.length > 0,
      ...(bar.physical !== undefined && { address: bar.physical }),
    });
  }

  #configuration(view: FunctionView): string {
    const id = `${view.bdf}/config`;
    return this.#add({
      id,
      label: "Configuration space",
      description: `${view.config.length} registers of the header`,
      tooltip: () => `The header of ${view.bdf}, by name.`,
      icon: "settings",
      context: "config",
      spoken: `Configuration space of ${view.name}`,
      parent: view.bdf,
      children: view.config.map((register) => this.#register(id, register)),
      expanded: false,
    });
  }

  #register(parent: string, register: RegisterView): string {
    const id = `${parent}/${register.id}`;
    const watch = this.#source.watched.get(register.id);
    const old = this.#source.changed.get(id);
    const value = padded(register.value, register.width);
    return this.#add({
      id,
      label: register.name,
      description: registerDescription(register, { value, watch }),
      tooltip: () => registerTooltip(register, old),
      ...registerIcon(register, { watch, changed: old !== undefined }),
      context: `register ${register.access}${watch === undefined ? "" : " watched"}${register.physical === undefined ? "" : " address"}${parent.endsWith("/config") ? " configuration" : ""}`,
      spoken: `${register.id}, ${value}, ${accessText(register.access)}${old === undefined ? "" : `, changed from ${old}`}${watch === undefined ? "" : `, watched for ${accessWord(watch)}`}`,
      parent,
      children: register.fields.map((field) => this.#field(id, { register, field })),
      expanded: false,
      register: register.id,
      value,
      ...(register.physical !== undefined && { address: register.physical }),
    });
  }

  #field(parent: string, { register, field }: { register: RegisterView; field: FieldView }): string {
    const value = fieldValue(field.value);
    const meaning = field.meaning === undefined ? "" : ` · ${field.meaning}`;
    return this.#add({
      id: `${parent}#${field.name}`,
      label: `${field.name} ${bitsText(field.bits)}`,
      description: `${value}${meaning}`,
      tooltip: () =>
        `**${register.id}.${field.name}** \`${bitsText(field.bits)}\` = \`${field.value}\`${meaning} · ${accessText(field.access)}\n\n${field.doc}`,
      icon: "symbol-field",
      context: "field",
      spoken: `${field.name}, bits ${field.bits.join(" to ")}, ${value}${meaning}`,
      parent,
      children: [],
      expanded: false,
      value,
    });
  }
}

function registerDescription(
  register: RegisterView,
  { value, watch }: { value: string; watch: WatchAccess | undefined },
): string {
  const offset = `+0x${register.offset.toString(16)}`;
  const watched = watch === undefined ? "" : ` · breaks on ${accessWord(watch)}`;
  return `${value} · ${register.access} · ${offset}${watched}`;
}

/** Not decoding is how a BAR waits for its driver; having no address is a fault. */
function barIcon({ decoding, physical, bus }: BarView) {
  if (decoding) return { icon: "symbol-array" };
  if (physical === undefined && bus === undefined)
    return { icon: "warning", color: "list.warningForeground" };
  return { icon: "symbol-array", color: "disabledForeground" };
}

function registerIcon(
  register: RegisterView,
  { watch, changed }: { watch: WatchAccess | undefined; changed: boolean },
) {
  if (watch !== undefined) return { icon: "debug-breakpoint-data", color: "debugIcon.breakpointForeground" };
  const icon = register.readSideEffect ? "warning" : register.access === "ro" ? "lock" : "symbol-variable";
  return changed ? { icon, color: "charts.yellow" } : { icon };
}

/** Every row of the tree. */
export const devicesRows = (source: TreeSource): Rows => new Growing(source);
