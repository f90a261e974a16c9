import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { booted, description, enable, iomap } from "../../support/bench";

vi.mock(import("../../../emulator/machine/catalogue"), async (original) => {
  const { catalogue } = await original();
  const { ticker } = await import("../../support/ticker");
  return { catalogue: new Map([...catalogue, ["ticker", ticker]]) };
});

const page = readFileSync("CONTRIBUTING.md", "utf8");

function bench() {
  const demo = description("demo");
  const functions = [...demo.functions, { at: "06.0", device: "ticker", name: "ticker" }];
  const bench = booted({ ...demo, functions });
  enable(bench, "ticker");
  return { ...bench, base: iomap(bench, "ticker") };
}

describe("The device of CONTRIBUTING.md", () => {
  test("is the file that the tests compile", () => {
    const source = readFileSync("test/support/ticker.ts", "utf8").replaceAll("../../emulator/", "../");
    expect(page).toContain(`\`\`\`ts\n${source}\`\`\``);
  });

  test("is in the tree with its registers", () => {
    const { inspection, kernel } = bench();
    const view = inspection.functions(kernel.state()).find(({ name }) => name === "ticker");
    expect(view?.bdf).toBe("0000:00:06.0");
    expect(view?.bars[0]?.registers.map(({ name }) => name)).toEqual([
      "PERIOD",
      "TICKS",
      "CONTROL",
      "STATUS",
    ]);
  });

  test("ticks each period of virtual time, interrupts, and stops when it is told", () => {
    const { io, base, machine } = bench();
    io.iowrite32(500, base, 0x0);
    io.iowrite32(1, base, 0x8);
    machine.clock.spend(2000);
    expect(io.ioread32(base, 0xc)).toBe(1);
    expect(machine.interrupts.levels).not.toBe(0);
    io.iowrite32(0, base, 0x8);
    io.iowrite32(1, base, 0xc);
    expect(machine.interrupts.levels).toBe(0);
    expect(io.ioread32(base, 0x4)).toBeGreaterThanOrEqual(4);
    expect(io.ioread32(base, 0x4)).toBe(0);
  });
});
