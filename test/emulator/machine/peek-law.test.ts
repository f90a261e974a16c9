import { describe, expect, test } from "vitest";
import { builtIn } from "../../../emulator/machine/built-in";
import { booted, enable, sequence } from "../../support/bench";

describe("the peek law", () => {
  test.each([...builtIn.keys()])("1,000 peeks anywhere leave the machine %s as it was", (name) => {
    const bench = booted(name);
    for (const fn of bench.machine.root.functions) enable(bench, fn.name);
    const registers = bench.inspection
      .functions(bench.kernel.state())
      .flatMap(({ bars }) => bars.flatMap((bar) => bar.registers));
    const before = bench.machine.arena.digest();
    const next = sequence(3);
    for (let turn = 0; turn < 1000; turn++) {
      const bar = [0x40000000, 0x40200000, 0x100000000, 0xb0000000, 0, 0x60000000][turn % 6] ?? 0;
      bench.inspection.peek(`0x${(bar + (next() % 0x200)).toString(16)}`, 8);
      bench.inspection.translate(registers[next() % registers.length]?.id ?? "0x0");
      if (turn % 100 === 0) bench.inspection.functions(bench.kernel.state());
    }
    expect(bench.machine.arena.digest()).toBe(before);
  });

  test("a read-to-clear register survives being looked at, and not being read", () => {
    const bench = booted();
    enable(bench, "shmem");
    const bank = bench.machine.devices.flatMap(({ banks }) => banks).find((it) => it.name === "shmem");
    bank?.registers.set("INTR_STATUS", 1);
    const address = bench.inspection.translate("shmem.INTR_STATUS").hops[0]?.address ?? "";
    expect(bench.inspection.peek(address, 4).bytes[0]).toBe(1);
    expect(bench.inspection.peek(address, 4).bytes[0]).toBe(1);
    const io = bench.io.ioremap(Number(address), 4);
    expect(io && bench.io.ioread32(io)).toBe(1);
    expect(io && bench.io.ioread32(io)).toBe(0);
  });
});
