/** The trace as the panel draws it: numbers become text here. */
import { basename } from "node:path";
import type * as machine from "../emulator/machine/trace-views";
import type { TraceRow, TraceWindow } from "../webview/protocol-trace";

const wellEnded = new Set(["SC", "posted", undefined]);
const badNews = new Set(["err", "warn", "lost"]);

const seconds = (nanoseconds: number): string => (nanoseconds / 1e9).toFixed(9);

const rowOf = (row: machine.TraceRow): TraceRow => ({
  key: `${row.lane === "cpu" || row.status === undefined ? row.lane : "bus"} ${row.number}`,
  time: seconds(row.time),
  lane: row.lane,
  what: row.what,
  initiator: row.initiator,
  target: row.target,
  address: row.address ?? "",
  value: row.value ?? "",
  status: row.status ?? "",
  failed: !wellEnded.has(row.status) || badNews.has(row.what),
  ...(row.source && {
    source: { ...row.source, text: `${basename(row.source.path)}:${row.source.line}` },
  }),
});

export const traceWindow = ({ rows, ...window }: machine.TraceWindow): TraceWindow => ({
  ...window,
  rows: rows.map(rowOf),
});
