/** From the machine's views to the rows that the panel draws: nothing is decided in the panel that can be decided here. */
import { formatLine } from "../emulator/formats/iomem";
import type { BarView, FunctionView, RegisterView, ResourceLine } from "../emulator/machine/views";
import type { Explanation as Explained, Hop, Translation } from "../emulator/machine/way-views";
import type {
  BarRow,
  DeviceRow,
  FieldRow,
  PanelState,
  RegisterRow,
  ResourceRow,
  WindowRow,
} from "../webview/protocol";
import type { Explanation, HopRow, TranslationView } from "../webview/protocol-explain";
import { barKindText, barName } from "./device-text";
import { familiesOf } from "./families";
import type { MachineState } from "./host/protocol";
import { padded, sizeText, timeText } from "./plain-text";
import { fieldValue } from "./register-tooltip";

type Watched = ReadonlyMap<string, unknown>;

const fieldRow = ({
  name,
  bits: [msb, lsb],
  access,
  value,
  meaning = "",
  meanings = [],
  doc,
}: RegisterView["fields"][number]): FieldRow => ({
  name,
  msb,
  lsb,
  access,
  value: fieldValue(value),
  meaning,
  meanings: meanings.map((one) => ({ value: fieldValue(one.value), name: one.name })),
  doc,
});

const meaningOf = (register: RegisterView): string =>
  register.fields
    .flatMap(({ name, meaning }) => (meaning === undefined ? [] : [`${name}: ${meaning}`]))
    .join(", ");

function registerRow(
  register: RegisterView,
  { at, space, watched }: { at: string; space: string; watched: Watched },
): RegisterRow {
  return {
    key: `${at}/${register.id}`,
    id: register.id,
    space,
    name: register.name,
    offset: `0x${register.offset.toString(16).padStart(2, "0")}`,
    width: register.width,
    access: register.access,
    value: padded(register.value, register.width),
    reset: padded(register.reset, register.width),
    physical: register.physical ?? "",
    meaning: meaningOf(register),
    doc: register.doc,
    fields: register.fields.map(fieldRow),
    readSideEffect: register.readSideEffect,
    watched: watched.has(register.id),
  };
}

function registersOf(view: FunctionView, watched: Watched): readonly RegisterRow[] {
  const rows = (registers: readonly RegisterView[], part: string, space = part) =>
    registers.map((register) => registerRow(register, { at: `${view.bdf}/${part}`, space, watched }));
  return [
    ...view.bars.flatMap((bar) => rows(bar.registers, barName(bar))),
    ...rows(view.config, "config", "Configuration space"),
  ];
}

/** Every function below the bridge above it, in the order of enumeration. */
function deviceRows(functions: readonly FunctionView[], watched: Watched): readonly DeviceRow[] {
  const families = familiesOf(functions);
  const below = (parent: string | undefined, depth: number): readonly DeviceRow[] =>
    (families.get(parent) ?? []).flatMap((view) => [
      deviceRow(view, { depth, watched }),
      ...below(view.bdf, depth + 1),
    ]);
  return below(undefined, 0);
}

const speeds: Readonly<Record<string, string>> = {
  "0x1": "2.5 GT/s",
  "0x2": "5 GT/s",
  "0x3": "8 GT/s",
  "0x4": "16 GT/s",
  "0x5": "32 GT/s",
  "0x6": "64 GT/s",
};

/** From Link Status, as the function itself reports it. */
function linkText({ config }: FunctionView): string {
  const fields = config.find(({ name }) => name === "EXP_LNKSTA")?.fields ?? [];
  const speed = speeds[fields.find(({ name }) => name === "SPEED")?.value ?? ""];
  const lanes = Number(fields.find(({ name }) => name === "WIDTH")?.value ?? 0);
  return speed === undefined || lanes === 0 ? "" : `${speed} ×${lanes}`;
}

const busText = (bus: number): string => bus.toString(16).padStart(2, "0");

function busesText({ buses }: FunctionView): string {
  if (!buses) return "";
  const [secondary, subordinate] = buses;
  return secondary === subordinate ? busText(secondary) : `${busText(secondary)}-${busText(subordinate)}`;
}

const windowRow = ({
  kind,
  open,
  start = "0x0",
  end = "0x0",
}: FunctionView["windows"][number]): WindowRow => ({
  kind,
  range: open ? `${start}-${end}` : "",
});

function deviceRow(view: FunctionView, { depth, watched }: { depth: number; watched: Watched }): DeviceRow {
  return {
    bdf: view.bdf,
    name: view.name,
    depth,
    kind: view.kind,
    title: `${view.className}: ${view.title}`,
    ids: `${view.vendor}:${view.device}`,
    ...(view.driver !== undefined && { driver: view.driver }),
    className: view.className,
    link: linkText(view),
    windows: view.windows.map(windowRow),
    buses: busesText(view),
    registers: registersOf(view, watched),
  };
}

const barRow = (view: FunctionView, bar: BarView): BarRow => ({
  bdf: view.bdf,
  device: view.name,
  bar: barName(bar),
  kind: barKindText(bar),
  physical: bar.physical ?? "",
  bus: bar.bus ?? "",
  size: sizeText(bar.size),
  decoding: bar.decoding,
  why: bar.why ?? "",
});

/** Ports have four digits at least, memory eight. */
const resourceRow =
  (digits: number) =>
  (line: ResourceLine): ResourceRow => ({
    depth: line.depth,
    text: formatLine(line, digits),
  });

/** One address of each kind that the machine has: mapped, physical, a register, and one that nothing answers. */
function examples({ functions, linux }: MachineState): readonly string[] {
  const bars = functions.flatMap(({ bars }) => bars);
  const bar =
    bars.find(({ registers, physical }) => registers.length > 0 && physical !== undefined) ?? bars[0];
  const register = bar?.registers.at(2) ?? bar?.registers.at(0);
  const mapped = linux.mappings.at(-1)?.virtual;
  return [mapped, register?.physical ?? bar?.physical, register?.id, "0xdead0000"].filter(
    (text) => text !== undefined,
  );
}

/** Everything the panel shows of `state`. */
export function panelState(state: MachineState, watched: Watched): PanelState {
  return {
    name: state.name,
    machine: state.title,
    phase: state.phase,
    time: timeText(state.time),
    devices: deviceRows(state.functions, watched),
    bars: state.functions.flatMap((view) => view.bars.map((bar) => barRow(view, bar))),
    iomem: state.linux.iomem.map(resourceRow(8)),
    ioports: state.linux.ioports.map(resourceRow(4)),
    booted: `${state.name} ${state.linux.iomem.length} ${state.functions.length}`,
    examples: examples(state),
  };
}

const hopRow = ({ kind, title, address, facts, reads = [] }: Hop): HopRow => ({
  kind,
  title,
  address: address ?? "",
  facts,
  reads,
});

export function translationView({ input, end, sentence, hops, aliases }: Translation): TranslationView {
  return { input, dead: end === "dead", sentence, hops: hops.map(hopRow), aliases };
}

export const explanationView = ({ hops, ...explanation }: Explained): Explanation => ({
  ...explanation,
  hops: hops.map(hopRow),
});
