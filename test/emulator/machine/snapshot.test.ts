import { describe, expect, test } from "vitest";
import {
  highHalf,
  lowHalf,
  offset,
  physical,
  type VirtualAddress,
  virtual,
} from "../../../emulator/core/address";
import { Arena } from "../../../emulator/core/arena";
import { Kernel } from "../../../emulator/linux/kernel";
import { catalogue } from "../../../emulator/machine/catalogue";
import { Machine } from "../../../emulator/machine/machine";
import { PageFault } from "../../../emulator/mmu/page-fault";
import { bdf } from "../../../emulator/pci/bdf";
import { description, type Random, sequence } from "../../support/bench";

/** Kinds that need a place of their own, or more than a name. */
const NOT_ALONE = new Set(["host-bridge", "recorded", "x3130-upstream", "xio3130-downstream"]);
const kinds = [...catalogue.keys()].filter((kind) => !NOT_ALONE.has(kind));
const WINDOW = virtual(-0x3600_0000_0000);

function machineWith(kind: string): { machine: Machine; bars: readonly VirtualAddress[] } {
  const functions = [
    { at: "00.0", device: "host-bridge" },
    { at: "05.0", device: kind },
  ];
  const machine = new Machine({ ...description("demo"), functions }, Arena.create(1 << 26));
  const kernel = new Kernel(machine);
  kernel.boot();
  machine.cpu.onInterrupt = () => undefined;
  machine.portMap.onInterrupt = () => undefined;
  const fn = machine.root.functionAt(bdf({ bus: 0, device: 5, function: 0 }));
  fn?.configWrite(4, { width: 2, value: 7 });
  const memory = (fn?.bars ?? []).filter((bar) => bar.kind !== "io");
  const bars = memory.map((bar, index) => {
    const mapped = kernel.vmalloc.ioremap(physical(Number(bar.base)), {
      bytes: Math.min(bar.size, 0x4000),
      owner: "test",
    });
    return mapped ?? offset(WINDOW, index);
  });
  return { machine, bars };
}

/** What the device answers to a run of accesses: registers, configuration, ports, and time. */
function run(
  { machine, bars }: ReturnType<typeof machineWith>,
  { next, turns }: { next: Random; turns: number },
): string[] {
  const seen: string[] = [];
  const fn = machine.root.functionAt(bdf({ bus: 0, device: 5, function: 0 }));
  const ports = fn?.bars.find(({ kind }) => kind === "io");
  for (let turn = 0; turn < turns; turn++) {
    const bar = bars[next() % Math.max(1, bars.length)];
    const at = bar === undefined ? undefined : offset(bar, (next() % 0x40) * 4);
    if (at !== undefined) seen.push(access(machine, at, next));
    if (ports)
      seen.push(String(machine.portMap.read(Number(ports.base) + (next() % Math.min(8, ports.size)), 1)));
    seen.push(String(fn?.configRead((next() % 64) * 4, 4)));
    machine.clock.spend(next() % 100_000);
  }
  return [...seen, String(machine.clock.now), String(machine.interrupts.levels)];
}

function access(machine: Machine, at: VirtualAddress, next: Random): string {
  const [high, low] = [highHalf(at), lowHalf(at)];
  try {
    if (next() % 2) machine.cpu.write32(high, low, next() | 0);
    return String(machine.cpu.read32(high, low));
  } catch (error) {
    if (error instanceof PageFault) return "fault";
    throw error;
  }
}

describe("a snapshot of the arena is a snapshot of the machine", () => {
  test.each(kinds)("%s answers alike after a restore", (kind) => {
    const bench = machineWith(kind);
    const next = sequence(11);
    run(bench, { next, turns: 300 });
    const snapshot = bench.machine.arena.snapshot();
    const first = run(bench, { next: sequence(12), turns: 300 });
    const digest = bench.machine.arena.digest();
    bench.machine.arena.restore(snapshot);
    bench.machine.cpu.flush();
    expect(run(bench, { next: sequence(12), turns: 300 })).toEqual(first);
    expect(bench.machine.arena.digest()).toBe(digest);
  });
});
