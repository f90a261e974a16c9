import { describe, expect, test } from "vitest";
import {
  highHalf,
  lowHalf,
  offset,
  type PhysicalAddress,
  physical,
  virtual,
} from "../../../emulator/core/address";
import { cacheBits, type MemoryType } from "../../../emulator/mmu/memory-type";
import { PTE } from "../../../emulator/mmu/page-table";
import { configRead } from "../../../emulator/pci/config-access";
import { LONGEST_NS, type Posting } from "../../../emulator/pci/posted-writes";
import { type Bench, booted, enable, functionOf, iomap } from "../../support/bench";

const MEMORY_BAR = 2;
const HERE = virtual(-0x1000_0000_0000);

/** The shared memory's BAR under a mapping of this type, and the fabric in this mode. */
function mapped(type: MemoryType, mode: Posting = "adversarial") {
  const bench = booted();
  enable(bench, "shmem");
  enable(bench, "edu");
  const { machine } = bench;
  const bar = functionOf(bench, "shmem").bars.find(({ index }) => index === MEMORY_BAR);
  let free = 0x3000_0000;
  const takePage = (): PhysicalAddress => {
    free += 4096;
    return physical(free);
  };
  const flags = PTE.PRESENT | PTE.WRITE | cacheBits(type, 1);
  for (let page = 0; page < 4; page++)
    machine.pageTable.map(offset(HERE, page * 4096), physical(Number(bar?.base) + page * 4096), {
      flags,
      takePage,
    });
  machine.root.fabric.posted.setMode(mode, { seed: 5 });
  const write = (at: number, value: number) =>
    machine.cpu.write32(highHalf(offset(HERE, at)), lowHalf(offset(HERE, at)), value);
  const read = (at: number) => machine.cpu.read32(highHalf(offset(HERE, at)), lowHalf(offset(HERE, at)));
  const stored = (at: number) => {
    const bytes = new Uint8Array(1);
    if (bar?.target.kind === "memory") bar.target.memory.copyOut(at, bytes);
    return bytes[0];
  };
  return { ...bench, write, read, stored };
}

function packets({ machine }: Bench) {
  return machine.root.fabric.trace
    .transactions()
    .filter(({ kind }) => kind === "MWr")
    .map(({ address, bytes }) => [Number(address % 4096n), bytes]);
}

describe("stores to write-combining memory (Intel SDM vol. 3A, 12.3.1)", () => {
  test("leave as one packet of 64 bytes once a line is full", () => {
    const bench = mapped("WC");
    bench.machine.root.fabric.trace.on = true;
    for (let at = 0; at < 64; at += 4) bench.write(at, at);
    expect(packets(bench)).toEqual([[0, 64]]);
  });

  test("leave one by one where the mapping is uncached, whatever the BAR says of prefetching", () => {
    const bench = mapped("UC");
    bench.machine.root.fabric.trace.on = true;
    for (let at = 0; at < 64; at += 4) bench.write(at, at);
    expect(packets(bench)).toHaveLength(16);
  });

  test("to the same bytes collapse: the last one leaves", () => {
    const bench = mapped("WC");
    bench.machine.root.fabric.trace.on = true;
    for (const value of [1, 2, 3]) bench.write(8, value);
    bench.machine.root.fabric.push();
    expect(packets(bench)).toEqual([[8, 4]]);
    expect(bench.read(8)).toBe(3);
  });

  test("leave in an order of their own: not that of the program", () => {
    const bench = mapped("WC");
    bench.machine.root.fabric.trace.on = true;
    for (const at of [0, 64, 128]) bench.write(at, 1);
    bench.machine.root.fabric.push();
    expect(packets(bench).map(([at]) => at)).toEqual([128, 64, 0]);
  });

  test("are held until something makes them leave, 10 µs at most, and then posted", () => {
    const bench = mapped("WC");
    bench.write(0, 7);
    expect([bench.stored(0), bench.machine.root.fabric.combining.waiting]).toEqual([0, 1]);
    bench.machine.clock.spend(LONGEST_NS);
    expect(bench.machine.root.fabric.combining.waiting).toBe(0);
    bench.machine.clock.spend(LONGEST_NS);
    expect(bench.stored(0)).toBe(7);
  });

  test("make room by the oldest leaving when ten lines are begun", () => {
    const bench = mapped("WC");
    for (let line = 0; line < 11; line++) bench.write(line * 64, 1);
    expect([bench.machine.root.fabric.combining.waiting, bench.machine.root.fabric.posted.waiting]).toEqual([
      10, 1,
    ]);
  });

  test("arrive at once in prompt mode", () => {
    const bench = mapped("WC", "prompt");
    bench.write(0, 7);
    expect(bench.stored(0)).toBe(7);
  });

  test("wait in the arena: a snapshot brings them back", () => {
    const bench = mapped("WC");
    bench.write(0, 7);
    const snapshot = bench.machine.arena.snapshot();
    bench.machine.root.fabric.push();
    bench.machine.arena.restore(snapshot);
    expect(bench.machine.root.fabric.combining.waiting).toBe(1);
    expect(bench.read(0)).toBe(7);
  });
});

describe("what makes them leave", () => {
  const waiting = ({ machine }: Bench) => machine.root.fabric.combining.waiting;
  const config = { bus: 0, device: 3, function: 0, at: 0 };

  test.each<[string, (bench: Bench & { read: (at: number) => number }) => unknown]>([
    ["a read of the same memory", ({ read }) => read(512)],
    ["an uncached read", (bench) => bench.io.ioread32(iomap(bench, "edu"))],
    ["an uncached write", (bench) => bench.io.iowrite32(1, iomap(bench, "edu"), 4)],
    ["a port access", ({ machine }) => machine.portMap.read(0x80, 1)],
    ["a configuration request", ({ machine }) => configRead(machine.root, config, 4)],
    ["an interrupt", ({ machine }) => [machine.interrupts.message(0x40), machine.interrupts.take()]],
    ["a fence", ({ machine }) => machine.root.fabric.push()],
  ])("%s", (_, push) => {
    const bench = mapped("WC");
    bench.write(0, 7);
    expect(waiting(bench)).toBe(1);
    push(bench);
    expect(waiting(bench)).toBe(0);
  });
});
