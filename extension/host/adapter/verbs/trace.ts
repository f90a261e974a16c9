/** `trace`: the bus analyser. */
import { TraceReader } from "../../../../emulator/machine/trace-reader";
import { LANES, type Lane, type TraceRow } from "../../../../emulator/machine/trace-views";
import type { Control } from "../../control";
import { misused, type Verb } from "./verb";

const SHOWN = 20;
const BUS_LANES = LANES.filter((lane) => lane !== "cpu");
const SWITCHES = ["on", "off", "clear"] as const;

export const trace: Verb = {
  usage: "trace [on | off | clear | N] [WORDS]",
  does: "records what goes over the bus; shows the last N, of a device, a register, a kind: trace 5 edu.STATUS MRd",
  words: ({ machine }, before) =>
    before.length === 0 ? SWITCHES : machine.devices.map(({ function: fn }) => fn.name),
  async run(control, [first = `${SHOWN}`, ...words]) {
    const to = SWITCHES.find((each) => each === first);
    if (to) return switched(control, to);
    if (!/^[1-9]\d*$/.test(first)) throw misused(this);
    return recorded(control, { count: Number(first), words: words.join(" ") });
  },
};

async function switched(control: Control, to: (typeof SWITCHES)[number]): Promise<string> {
  await control.bench.operate({ do: "trace", to });
  return { on: "Recording: trace shows it.", off: "Not recording any more.", clear: "Nothing is recorded." }[
    to
  ];
}

function recorded(control: Control, { count, words }: { count: number; words: string }): string {
  const { rows, on } = lastRows(control, { count, words, lanes: BUS_LANES });
  if (rows.length > 0) return rows.map(line).join("\n");
  return on ? "Nothing like that has gone over the bus." : "Nothing is recorded: trace on.";
}

/** The newest rows of these lanes. */
export function lastRows(
  { machine, log, driverLines }: Control,
  { count, words = "", lanes }: { count: number; words?: string; lanes: readonly Lane[] },
): { readonly rows: readonly TraceRow[]; readonly on: boolean } {
  const filter = { lanes, words, failed: false };
  const beyond = { log: () => log, lineOf: (number: number) => driverLines.get(number) };
  return new TraceReader(machine, beyond).read({ filter, from: "end", count, bins: 1 });
}

/** `0.001002000  cpu  MWr  edu.FACTORIAL  4 bytes  0x5  posted` */
function line({ time, what, initiator, target, bytes, value, status }: TraceRow): string {
  const size = bytes === undefined ? undefined : `${bytes} bytes`;
  const words = [(time / 1e9).toFixed(9), initiator, what.padEnd(6), target, size, value, status];
  return words.filter((word) => word !== undefined && word !== "").join("  ");
}
