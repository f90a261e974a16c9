/** From the machine's views to the rows that the panel draws: nothing is decided in the panel that can be decided here. */
import { formatLine } from "../emulator/formats/iomem";
import type {
  BarView,
  FunctionView,
  Hop,
  RegisterView,
  ResourceLine,
  Translation,
} from "../emulator/machine/views";
import type {
  BarRow,
  DeviceRow,
  FieldRow,
  HopRow,
  PanelState,
  RegisterRow,
  ResourceRow,
  TranslationView,
} from "../webview/protocol";
import { barKindText, barName } from "./device-text";
import type { MachineState } from "./host/protocol";
import { padded, sizeText, timeText } from "./plain-text";
import { fieldValue } from "./register-tooltip";

type Watched = ReadonlyMap<string, unknown>;

const fieldRow = ({
  name,
  bits: [msb, lsb],
  value,
  meaning = "",
  doc,
}: RegisterView["fields"][number]): FieldRow => ({
  name,
  msb,
  lsb,
  value: fieldValue(value),
  meaning,
  doc,
});

const meaningOf = (register: RegisterView): string =>
  register.fields
    .flatMap(({ name, meaning }) => (meaning === undefined ? [] : [`${name}: ${meaning}`]))
    .join(", ");

function registerRow(
  register: RegisterView,
  { space, watched }: { space: string; watched: Watched },
): RegisterRow {
  return {
    id: register.id,
    space,
    name: register.name,
    offset: `0x${register.offset.toString(16).padStart(2, "0")}`,
    width: register.width,
    access: register.access,
    value: padded(register.value, register.width),
    meaning: meaningOf(register),
    doc: register.doc,
    fields: register.fields.map(fieldRow),
    readSideEffect: register.readSideEffect,
    watched: watched.has(register.id),
  };
}

function registersOf(view: FunctionView, watched: Watched): readonly RegisterRow[] {
  const inBars = view.bars.flatMap((bar) =>
    bar.registers.map((register) => registerRow(register, { space: barName(bar), watched })),
  );
  return [
    ...inBars,
    ...view.config.map((register) => registerRow(register, { space: "Configuration space", watched })),
  ];
}

function deviceRows(functions: readonly FunctionView[], watched: Watched): readonly DeviceRow[] {
  const below = (parent: FunctionView | undefined, depth: number): readonly DeviceRow[] =>
    functions
      .filter((view) =>
        parent ? view.parent === parent.bdf : !functions.some(({ bdf }) => bdf === view.parent),
      )
      .flatMap((view) => [deviceRow(view, { depth, watched }), ...below(view, depth + 1)]);
  return below(undefined, 0);
}

function deviceRow(view: FunctionView, { depth, watched }: { depth: number; watched: Watched }): DeviceRow {
  return {
    bdf: view.bdf,
    name: view.name,
    depth,
    kind: view.kind,
    title: `${view.className}: ${view.title}`,
    ids: `${view.vendor}:${view.device}`,
    ...(view.driver !== undefined && { driver: view.driver }),
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
    examples: examples(state),
  };
}

const hopRow = ({ kind, title, address, facts }: Hop): HopRow => ({
  kind,
  title,
  address: address ?? "",
  facts,
});

export function translationView({ input, end, sentence, hops }: Translation): TranslationView {
  return { input, dead: end === "dead", sentence, hops: hops.map(hopRow) };
}
