import { beforeEach, describe, expect, test } from "vitest";
import { TraceReader } from "../../../emulator/machine/trace-reader";
import type { TraceFilter, TraceQuery } from "../../../emulator/machine/trace-views";
import { configRead } from "../../../emulator/pci/config-access";
import { type Bench, booted, enable, iomap } from "../../support/bench";

const all: TraceFilter = { lanes: [], words: "", failed: false };
const query = (part: Partial<TraceQuery> = {}): TraceQuery => ({
  filter: all,
  from: 0,
  count: 100,
  bins: 10,
  ...part,
});

let bench: Bench;
let reader: TraceReader;

beforeEach(() => {
  bench = booted();
  enable(bench, "edu");
  reader = new TraceReader(bench.machine, { log: () => [], lineOf: () => undefined });
});

/** Three writes of FACTORIAL, a configuration read of what is not there, and a DMA write. */
function traffic(): void {
  const io = iomap(bench, "edu");
  bench.machine.root.fabric.trace.on = true;
  for (const value of [3, 4, 5]) bench.io.iowrite32(value, io, 8);
  configRead(bench.machine.root, { bus: 0, device: 9, function: 0, at: 0 }, 4);
  const edu = bench.machine.root.functions.find(({ name }) => name === "edu");
  edu?.dmaWrite(0x200000n as never, Uint8Array.of(1, 2, 3));
}

const rows = (part: Partial<TraceQuery> = {}) =>
  reader.read(query(part)).rows.map(({ lane, what, target }) => `${lane} ${what} ${target}`);

describe("the trace as views read it", () => {
  test("names what each transaction went to, in the order of time", () => {
    traffic();
    expect(rows()).toEqual([
      "mmio MWr edu.FACTORIAL",
      "mmio MWr edu.FACTORIAL",
      "mmio MWr edu.FACTORIAL",
      "config CfgRd0 00:09.0 0x0, where nothing is",
      "dma MWr RAM",
    ]);
  });

  test("finds by register, by device, by kind, by lane and by failure", () => {
    traffic();
    expect(rows({ filter: { ...all, words: "edu.FACTORIAL" } })).toHaveLength(3);
    expect(rows({ filter: { ...all, words: "edu.LIVENESS" } })).toEqual([]);
    expect(rows({ filter: { ...all, words: "edu" } })).toHaveLength(4);
    expect(rows({ filter: { ...all, words: "mwr edu" } })).toHaveLength(4);
    expect(rows({ filter: { ...all, lanes: ["dma"] } })).toEqual(["dma MWr RAM"]);
    expect(rows({ filter: { ...all, failed: true } })).toEqual([
      "config CfgRd0 00:09.0 0x0, where nothing is",
    ]);
  });

  test("gives a window of the matching rows, by number, by time or from the end", () => {
    traffic();
    const [, second] = reader.read(query()).rows;
    expect(reader.read(query({ from: 1, count: 2 })).rows.map(({ value }) => value)).toEqual(["0x4", "0x5"]);
    expect(reader.read(query({ from: { time: second?.time ?? 0 }, count: 1 })).from).toBe(1);
    expect(reader.read(query({ from: "end", count: 1 }))).toMatchObject({ from: 4, total: 5 });
  });

  test("puts the kernel's log where it was said, between the transactions", () => {
    traffic();
    const {
      rows: [first],
    } = reader.read(query());
    const line = { time: first?.time ?? 0, level: "info", text: "edu: probed" } as const;
    reader = new TraceReader(bench.machine, { log: () => [line], lineOf: () => undefined });
    expect(rows({ count: 2 })).toEqual(["mmio MWr edu.FACTORIAL", "cpu info edu: probed"]);
    expect(rows({ filter: { ...all, words: "probed" } })).toEqual(["cpu info edu: probed"]);
  });

  test("names the driver's line of each access of the CPU, where lines are noted", () => {
    bench.machine.root.fabric.trace.whence = () => 7;
    traffic();
    const lineOf = (number: number) => (number === 7 ? { path: "/edu.ts", line: 42 } : undefined);
    reader = new TraceReader(bench.machine, { log: () => [], lineOf });
    const lines = reader.read(query()).rows.map(({ lane, source }) => `${lane} ${source?.line}`);
    expect(lines).toEqual(["mmio 42", "mmio 42", "mmio 42", "config 42", "dma undefined"]);
  });

  test("goes on recording over a power cycle, from an empty trace", () => {
    traffic();
    bench.machine.powerOn();
    expect(reader.read(query())).toMatchObject({ on: true, total: 0 });
  });

  test("finds what comes later, too, and forgets what the ring has overwritten", () => {
    const io = iomap(bench, "edu");
    const { trace } = bench.machine.root.fabric;
    trace.on = true;
    const filter = { ...all, words: "edu.FACTORIAL" };
    bench.io.iowrite32(1, io, 8);
    expect(reader.read(query({ filter })).total).toBe(1);
    for (let i = 0; trace.first < 10; i++) bench.io.iowrite32(i, io, i % 2 ? 8 : 4);
    const { total, lost, rows: found } = reader.read(query({ filter, from: "end" }));
    expect(lost).toBe(trace.first);
    expect(total).toBe((trace.count - trace.first) / 2);
    expect(new Set(found.map(({ target }) => target))).toEqual(new Set(["edu.FACTORIAL"]));
  });

  test("counts in columns of time, each lane for itself", () => {
    traffic();
    const { lanes } = reader.read(query({ bins: 4 }));
    const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
    expect([sum(lanes.counts.mmio), sum(lanes.counts.config), sum(lanes.counts.dma)]).toEqual([3, 1, 1]);
    expect(lanes.counts.mmio[0]).toBeGreaterThan(0);
    expect(lanes.counts.dma[3]).toBe(1);
  });

  test("changes nothing by looking (peek law)", () => {
    traffic();
    const before = bench.machine.arena.digest(0, bench.machine.arena.used);
    rows({ filter: { ...all, words: "edu.FACTORIAL" } });
    expect(bench.machine.arena.digest(0, bench.machine.arena.used)).toBe(before);
  });
});
