/** The Devices tree as rows: made anew from each state, with ids that stay. */
import type {
  BarView,
  FunctionKind,
  FunctionView,
  MappingView,
  RegisterView,
} from "../emulator/machine/views";
import { wayInBar, wayInConfiguration } from "./address-way";
import { barKindText, barName, barTooltip, functionTooltip } from "./device-text";
import { type Families, familiesOf } from "./families";
import { t } from "./l10n";
import { sizeText } from "./plain-text";
import { fieldRow, registerRow, type Shown } from "./register-row";
import type { Row, Rows } from "./row";

export interface TreeSource extends Shown {
  readonly functions: readonly FunctionView[];
  readonly mappings: readonly MappingView[];
}

const functionIcons: Readonly<Record<FunctionKind, string>> = {
  "host-bridge": "server",
  "root-port": "plug",
  bridge: "type-hierarchy",
  endpoint: "circuit-board",
};
const kindWords: Readonly<Record<FunctionKind, string>> = {
  "host-bridge": t("host bridge"),
  "root-port": t("root port"),
  bridge: t("bridge"),
  endpoint: t("endpoint"),
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
    const driver = view.driver === undefined ? "" : ` · ${t("driver {0}", view.driver)}`;
    const ids = `${view.vendor}:${view.device}`;
    return this.#add({
      id: view.bdf,
      label: view.name,
      description: `${view.bdf} · ${ids} · ${view.className}${driver}`,
      tooltip: () => functionTooltip(view),
      icon: functionIcons[view.kind],
      ...(view.driver !== undefined && { color: "charts.green" }),
      context: `function ${view.kind}`,
      touch: view.name,
      spoken: kindWords[view.kind],
      ...(view.parent !== undefined && { parent: view.parent }),
      children,
      expanded: view.kind !== "host-bridge",
    });
  }

  #bar(view: FunctionView, bar: BarView): string {
    const id = `${view.bdf}/${barName(bar)}`;
    const state = bar.decoding ? "" : ` · ${t("not decoding")}`;
    const address = bar.physical ?? bar.bus;
    const { mappings } = this.#source;
    return this.#add({
      id,
      label: barName(bar),
      description: `${address ?? t("no address")} · ${sizeText(bar.size)} · ${barKindText(bar)}${state}`,
      tooltip: () => barTooltip(view, bar),
      ...barIcon(bar),
      context: `bar${bar.physical === undefined ? "" : " address"}`,
      touch: `${view.name}.${barName(bar)}`,
      spoken: `${view.name}${bar.why === undefined ? "" : `, ${bar.why}`}`,
      parent: view.bdf,
      children: bar.registers.map((register) =>
        this.#register(register, {
          parent: id,
          configuration: false,
          way: () => wayInBar(register, { bar, mappings }),
        }),
      ),
      expanded: bar.registers.length > 0,
      ...(bar.physical !== undefined && { address: bar.physical }),
    });
  }

  #configuration(view: FunctionView): string {
    const id = `${view.bdf}/config`;
    return this.#add({
      id,
      label: t("Configuration space"),
      description: t("{0} registers of the header", view.config.length),
      tooltip: () => t("The header of {0}, by name.", view.bdf),
      icon: "settings",
      context: "config",
      spoken: view.name,
      parent: view.bdf,
      children: view.config.map((register) =>
        this.#register(register, {
          parent: id,
          configuration: true,
          way: () => wayInConfiguration(register, view),
        }),
      ),
      expanded: false,
    });
  }

  #register(register: RegisterView, place: Parameters<typeof registerRow>[1]): string {
    const row = registerRow(register, place, this.#source);
    for (const field of register.fields)
      this.#add(fieldRow(field, { parent: row.id, register }, this.#source));
    return this.#add(row);
  }
}

/** Not decoding is how a BAR waits for its driver; having no address is a fault. */
function barIcon({ decoding, physical, bus }: BarView) {
  if (decoding) return { icon: "symbol-array" };
  if (physical === undefined && bus === undefined)
    return { icon: "warning", color: "list.warningForeground" };
  return { icon: "symbol-array", color: "disabledForeground" };
}

/** Every row of the tree. */
export const devicesRows = (source: TreeSource): Rows => new Growing(source);
