import { describe, expect, test } from "vitest";
import type { TraceRow } from "../../emulator/machine/trace-views";
import { traceRows } from "../../extension/trace-rows";

const write: TraceRow = {
  number: 7,
  time: 12_345_678,
  lane: "mmio",
  what: "MWr",
  initiator: "cpu",
  target: "edu.FACTORIAL",
  address: "0x40000008",
  bytes: 4,
  value: "0x5",
  status: "posted",
  source: { path: "/drivers/edu.ts", line: 42 },
};
const lost: TraceRow = { ...write, number: 8, what: "MRd", target: "0xdead0000", status: "UR" };

describe("the Bus Trace view", () => {
  test("shows the newest first, with value, time and the driver's line", () => {
    const { roots, byId } = traceRows({ rows: [write, { ...lost, target: "edu.STATUS" }] });
    const rows = roots.map((id) => byId.get(id));
    expect(rows.map((row) => row?.label)).toEqual(["edu.STATUS", "edu.FACTORIAL"]);
    expect(rows[1]?.description).toBe("MWr · 0x5 · 0.012345678 s · edu.ts:42");
  });

  test("marks what did not end well, and says so to a screen reader", () => {
    const { roots, byId } = traceRows({ rows: [lost] });
    const row = byId.get(roots[0] ?? "");
    expect(row).toMatchObject({
      color: "errorForeground",
      description: "MRd · 0x5 · UR · 0.012345678 s · edu.ts:42",
    });
    expect(row?.spoken).toBe("memory request of the CPU, failed");
  });

  test("knows the line of those that have one", () => {
    const { source: _, ...without } = write;
    const { roots, sources, byId } = traceRows({ rows: [without, lost] });
    expect(roots.map((id) => sources.get(id)?.line)).toEqual([42, undefined]);
    expect(roots.map((id) => byId.get(id)?.context)).toEqual(["traced line", "traced"]);
  });
});
