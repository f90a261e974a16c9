import { describe, expect, test } from "vitest";
import { configRead } from "../../../emulator/pci/config-access";
import { LONGEST_NS, POSTING } from "../../../emulator/pci/posted-writes";
import { type Bench, booted, enable, functionOf, iomap, wired } from "../../support/bench";

const LIVENESS = 4;
const RAM = 0x200000;

function adversarial(): Bench & { registers: ReturnType<typeof iomap> } {
  const bench = booted();
  enable(bench, "edu");
  const registers = iomap(bench, "edu");
  bench.machine.root.fabric.posted.setMode("adversarial");
  return { ...bench, registers };
}

function stored({ machine }: Bench): number {
  return (
    machine.devices
      .flatMap(({ banks }) => banks)
      .find(({ name }) => name === "edu")
      ?.registers.value("LIVENESS") ?? 0
  );
}

function edu({ machine }: Bench) {
  const found = machine.root.functions.find(({ name }) => name === "edu");
  if (!found) throw new RangeError("There is no edu");
  return found;
}

function ram({ machine }: Bench): number {
  const bytes = new Uint8Array(1);
  machine.ram.copyOut(RAM, bytes);
  return bytes[0] ?? 0;
}

/** One test for each cell of the ordering table whose answer is No (PCIe 2.4.1, table 2-40), where one machine can show it. */
describe("may not pass a posted write before it", () => {
  test("another posted write of its path: they arrive in order (A2)", () => {
    const bench = adversarial();
    const arrived: number[] = [];
    const bank = bench.machine.devices.flatMap(({ banks }) => banks).find(({ name }) => name === "edu");
    const write = bank?.write.bind(bank);
    if (bank && write)
      bank.write = (at, access) => {
        arrived.push(access.value);
        write(at, access);
      };
    for (const value of [1, 2, 3]) bench.io.iowrite32(value, bench.registers, LIVENESS);
    expect(arrived).toEqual([]);
    bench.io.ioread32(bench.registers);
    expect(arrived).toEqual([1, 2, 3]);
  });

  test("a read request: it finds what was written (B2)", () => {
    const bench = adversarial();
    bench.io.iowrite32(5, bench.registers, LIVENESS);
    expect(stored(bench)).toBe(0);
    expect(bench.io.ioread32(bench.registers, LIVENESS)).toBe(~5 >>> 0);
  });

  test("a configuration request, which is not posted (C2)", () => {
    const bench = adversarial();
    bench.io.iowrite32(5, bench.registers, LIVENESS);
    configRead(bench.machine.root, { bus: 1, device: 0, function: 0, at: 0 }, 4);
    expect(stored(bench)).toBe(~5 >>> 0);
  });

  test("the completion of a read: what the device wrote to memory before is there (D2)", () => {
    const bench = adversarial();
    edu(bench).dmaWrite(BigInt(RAM) as never, Uint8Array.of(7));
    expect(ram(bench)).toBe(0);
    bench.io.ioread32(bench.registers);
    expect(ram(bench)).toBe(7);
  });

  test("a message interrupt, itself a posted write: earlier data is there when it arrives (A2)", () => {
    const bench = adversarial();
    edu(bench).configWrite(0x44, { width: 4, value: 0xfee00000 });
    edu(bench).configWrite(0x42, { width: 2, value: 1 });
    edu(bench).dmaWrite(BigInt(RAM) as never, Uint8Array.of(7));
    edu(bench).raise();
    expect([ram(bench), bench.machine.interrupts.take()]).toEqual([0, undefined]);
    while (bench.machine.arena.i32[bench.machine.interrupts.pendingWord] === 0)
      bench.machine.clock.spend(100);
    expect(ram(bench)).toBe(7);
  });
});

describe("an INTx interrupt of a PCIe function", () => {
  test("is a message: earlier data is there when it arrives (PCIe 2.2.8.1, 2.4.1)", () => {
    const bench = wired({
      at: "03.0",
      device: "root-port",
      name: "rp0",
      below: [{ at: "00.0", device: "e1000e", name: "nic" }],
    });
    const { machine } = bench;
    machine.root.fabric.posted.setMode("adversarial");
    const nic = functionOf(bench, "nic");
    nic.dmaWrite(BigInt(RAM) as never, Uint8Array.of(7));
    nic.raise();
    expect([machine.interrupts.levels, ram(bench)]).toEqual([0, 0]);
    while (machine.interrupts.levels === 0) machine.clock.spend(100);
    expect(ram(bench)).toBe(7);
    nic.lower();
    machine.clock.spend(LONGEST_NS);
    expect(machine.interrupts.levels).toBe(0);
  });
});

describe("may pass a posted write before it", () => {
  test("an INTx interrupt of a conventional function: a driver that does not read the device first finds old data", () => {
    const bench = adversarial();
    edu(bench).dmaWrite(BigInt(RAM) as never, Uint8Array.of(7));
    edu(bench).raise();
    expect(bench.machine.interrupts.levels).not.toBe(0);
    expect(ram(bench)).toBe(0);
  });

  test("a request of another path: reading one device does not flush another's writes", () => {
    const bench = adversarial();
    enable(bench, "shmem");
    const other = iomap(bench, "shmem");
    bench.io.iowrite32(5, bench.registers, LIVENESS);
    bench.io.ioread32(other);
    expect(stored(bench)).toBe(0);
  });
});

describe("a posted write", () => {
  test("arrives in bounded time with nothing behind it", () => {
    const bench = adversarial();
    bench.io.iowrite32(5, bench.registers, LIVENESS);
    bench.machine.clock.spend(LONGEST_NS);
    expect(stored(bench)).toBe(~5 >>> 0);
  });

  test("arrives at once by default", () => {
    const bench = booted();
    enable(bench, "edu");
    bench.io.iowrite32(5, iomap(bench, "edu"), LIVENESS);
    expect(stored(bench)).toBe(~5 >>> 0);
  });

  test("waits in the arena: a snapshot taken on its way brings it back", () => {
    const bench = adversarial();
    bench.io.iowrite32(5, bench.registers, LIVENESS);
    const snapshot = bench.machine.arena.snapshot();
    bench.io.ioread32(bench.registers);
    bench.machine.arena.restore(snapshot);
    expect([stored(bench), bench.machine.root.fabric.posted.waiting]).toEqual([0, 1]);
    bench.io.ioread32(bench.registers);
    expect(stored(bench)).toBe(~5 >>> 0);
  });

  test("waits as long as the seed says, the same each time", () => {
    const arrivals = (seed: number) => {
      const bench = booted();
      enable(bench, "edu");
      const registers = iomap(bench, "edu");
      bench.machine.root.fabric.posted.setMode("random", { seed });
      return Array.from({ length: 8 }, () => {
        bench.io.iowrite32(1, registers, LIVENESS);
        const start = bench.machine.clock.now;
        while (bench.machine.root.fabric.posted.waiting) bench.machine.clock.spend(100);
        return bench.machine.clock.now - start;
      });
    };
    expect(arrivals(3)).toEqual(arrivals(3));
    expect(arrivals(3)).not.toEqual(arrivals(5));
    expect(Math.max(...arrivals(3))).toBeLessThanOrEqual(LONGEST_NS);
  });

  test.each(POSTING)("a driver that reads back after its last write is right, mode %s", (mode) => {
    const bench = booted();
    enable(bench, "edu");
    const registers = iomap(bench, "edu");
    bench.machine.root.fabric.posted.setMode(mode, { seed: 9 });
    bench.io.iowrite32(5, registers, 8);
    while (bench.io.ioread32(registers, 0x20) & 1) bench.machine.clock.spend(1000);
    expect(bench.io.ioread32(registers, 8)).toBe(120);
  });
});
