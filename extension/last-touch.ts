/** Who touched a register last, as the bus trace knows it. */
import { basename } from "node:path";
import type { TraceQuery, TraceRow, TraceWindow } from "../emulator/machine/trace-views";

interface Traced {
  trace(query: TraceQuery): Promise<TraceWindow>;
}

const LAST_ROWS = 20;

const query = (register: string): TraceQuery => ({
  filter: { lanes: ["mmio", "port", "config"], words: register, failed: false },
  from: "end",
  count: LAST_ROWS,
  bins: 0,
});

/** The newest access to exactly this register; undefined while the trace is off, or has none. */
export async function lastTouch(host: Traced, register: string): Promise<TraceRow | undefined> {
  const { rows } = await host.trace(query(register));
  return rows.findLast(({ target }) => target === register);
}

/** `edu.ts:42 read 0x81` */
export function touchText({ source, what, value }: TraceRow): string {
  const place = source ? `${basename(source.path)}:${source.line}` : "";
  const verb = /Rd/.test(what) ? "read" : "wrote";
  return [place, verb, value ?? ""].filter((word) => word !== "").join(" ");
}
