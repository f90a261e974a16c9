/** A trace of `total` events as the panel receives it: any window of it, each event named by its number. */
import type { Lane, TraceQuery, TraceRow, TraceWindow } from "../../webview/protocol-trace";

const kinds: readonly (readonly [Lane, string, string, string])[] = [
  ["cpu", "info", "kernel", "edu 0000:01:00.0: probe"],
  ["config", "CfgWr1", "cpu", "edu.config.COMMAND"],
  ["mmio", "MRd", "cpu", "edu.ID"],
  ["mmio", "MWr", "cpu", "edu.FACTORIAL"],
  ["mmio", "MRd", "cpu", "edu.STATUS"],
  ["mmio", "MRd", "cpu", "edu.STATUS"],
  ["dma", "MWr", "edu", "RAM"],
  ["interrupt", "delivered", "edu", "vector 0x30"],
];

function row(number: number): TraceRow {
  const [lane, what, initiator, target] = kinds[number % kinds.length] ?? ["mmio", "MRd", "cpu", ""];
  const failed = number % 97 === 5;
  const bus = lane !== "cpu" && lane !== "interrupt";
  return {
    key: `bus ${number}`,
    time: (number * 1.3e-7).toFixed(9),
    ...{ lane, what, initiator, target },
    address: bus ? "0x40000008" : "",
    value: bus ? `0x${(number * 7).toString(16)}` : "",
    status: failed ? "UR" : bus ? "SC" : "",
    failed,
    ...(lane === "mmio" && { source: { path: "/samples/edu.ts", line: 42, text: "edu.ts:42" } }),
  };
}

const wave = (bins: number, every: number): readonly number[] =>
  Array.from({ length: bins }, (_, i) => (i % every === 0 ? (i * 37) % 90 : 0));

export function demoTrace(
  total: number,
  { from, count, bins }: Pick<TraceQuery, "from" | "count" | "bins">,
): TraceWindow {
  const start =
    from === "end" ? total - count : typeof from === "number" ? from : Math.floor(from.time / 130);
  const first = Math.max(0, Math.min(start, total - 1));
  return {
    on: true,
    total,
    lost: 0,
    from: first,
    rows: Array.from({ length: Math.min(count, total - first) }, (_, i) => row(first + i)),
    searched: 1,
    lanes: {
      start: 0,
      end: total * 130,
      stride: 1,
      counts: {
        cpu: wave(bins, 31),
        mmio: wave(bins, 1),
        port: wave(bins, bins),
        config: wave(bins, 9),
        dma: wave(bins, 5),
        interrupt: wave(bins, 23),
      },
    },
  };
}
