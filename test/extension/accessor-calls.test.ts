import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { accessorCalls, blockAround, constantsIn } from "../../extension/accessor-calls";

const callsOf = (text: string) =>
  accessorCalls(text).map(({ access, pointer, offset }) => [access, pointer, offset]);

describe("accessor calls", () => {
  it("give pointer and offset; what is written stands before them", () => {
    expect(callsOf("ioread32(io, STATUS)")).toEqual([["read", "io", "STATUS"]]);
    expect(callsOf("iowrite32(f(a, b), edu.io, 0x20 + 4 * n)")).toEqual([
      ["write", "edu.io", "0x20 + 4 * n"],
    ]);
    expect(callsOf("readl(io)")).toEqual([["read", "io", "0"]]);
    expect(callsOf("writeq(1n, io, 8)")).toEqual([["write", "io", "8"]]);
  });

  it("are found inside each other, and not in comments", () => {
    expect(callsOf("iowrite8(ioread8(io, 1), io, 2); // readl(io, 3)\n/* readl(io) */")).toEqual([
      ["write", "io", "2"],
      ["read", "io", "1"],
    ]);
  });

  it("are no other functions, and none that are still being written", () => {
    expect(callsOf("thread(x); readline(y); ioread32(io, STAT")).toEqual([]);
  });

  it("say where they stand", () => {
    const [call] = accessorCalls("x = ioread32(io, 4);");
    expect([call?.start, call?.end]).toEqual([4, 19]);
  });
});

describe("constants", () => {
  it("are numbers by name, in each way that drivers write them", () => {
    const text =
      "const STATUS = 0x20;\nconst REG = { ACK: 0x64, ID: 0 };\nconst IRQ = BIT(7);\nconst ONE = 1 << 3;";
    expect([...constantsIn(text)]).toEqual([
      ["STATUS", 0x20n],
      ["ACK", 0x64n],
      ["ID", 0n],
      ["IRQ", 0x80n],
      ["ONE", 8n],
    ]);
  });
});

describe("the block around a place", () => {
  it("is the whole function, and nothing outside of one", () => {
    const text = readFileSync("extension/samples/edu.ts", "utf8");
    const [start, end] = blockAround(text, text.indexOf("const five"));
    expect(text.slice(0, start)).toMatch(/function probe\(pdev: PciDev\): number $/);
    expect(text.slice(start, end)).toContain("factorial_by_interrupt(edu, 10)");
    expect(text.slice(end)).toMatch(/^\n\nfunction remove/);
    const outside = text.indexOf("const STATUS = ");
    expect(blockAround(text, outside)).toEqual([outside, outside]);
  });
});
