import { describe, expect, test } from "vitest";
import { Kernel } from "../../../emulator/linux/kernel";
import { booted, enable, iomap } from "../../support/bench";

describe("the reset button", () => {
  test("puts registers back, keeps what memory holds, and lets time go on", () => {
    const bench = booted();
    for (const name of ["edu", "shmem"]) enable(bench, name);
    bench.io.iowrite32(42, iomap(bench, "shmem", 2), 64);
    bench.io.iowrite32(7, iomap(bench, "edu"), 4);
    const before = bench.machine.clock.now;
    new Kernel(bench.machine).reboot();
    for (const name of ["edu", "shmem"]) enable(bench, name);
    const again = new Kernel(bench.machine);
    expect(again.log).toEqual([]);
    expect(bench.inspection.peek("0x100000040", 4).bytes[0]).toBe(42);
    expect(bench.inspection.peek("edu.LIVENESS", 4).bytes[0]).toBe(0);
    expect(bench.machine.clock.now).toBeGreaterThanOrEqual(before);
  });

  test("forgets what was pending: timers and interrupts", () => {
    const bench = booted();
    enable(bench, "edu");
    bench.machine.cpu.onInterrupt = () => undefined;
    const io = iomap(bench, "edu");
    bench.io.iowrite32(0x80, io, 0x20);
    bench.io.iowrite32(5, io, 8);
    bench.io.iowrite32(1, io, 0x60);
    bench.machine.reset();
    expect(bench.machine.clock.next).toBeUndefined();
    expect(bench.machine.interrupts.levels).toBe(0);
  });

  test("boots to the same addresses", () => {
    const bench = booted();
    const { iomem } = bench.kernel.state();
    const again = new Kernel(bench.machine);
    again.reboot();
    expect(again.state().iomem).toEqual(iomem);
  });
});
