import { describe, expect, it } from "vitest";
import { bitRows } from "../../webview/view-model/bits";

const field = (name: string, msb: number, lsb: number) => ({
  name,
  msb,
  lsb,
  access: "rw",
  value: "",
  meaning: "",
  meanings: [],
  doc: "",
});

describe("a register's bits", () => {
  it("are cut where fields begin and end", () => {
    const [row] = bitRows("0x81", 8, [field("BUSY", 0, 0), field("IRQ", 7, 7)]);
    expect(row).toEqual([
      { msb: 7, lsb: 7, digits: "1", field: 1 },
      { msb: 6, lsb: 1, digits: "000000", field: -1 },
      { msb: 0, lsb: 0, digits: "1", field: 0 },
    ]);
  });

  it("of a field over two rows appear in both", () => {
    const rows = bitRows("0xffff0000", 32, [field("BASE", 31, 4)]);
    expect(rows.map((runs) => runs.map(({ msb, lsb, field }) => [msb, lsb, field]))).toEqual([
      [[31, 16, 0]],
      [
        [15, 4, 0],
        [3, 0, -1],
      ],
    ]);
  });

  it("keep all 64 of a value that no double holds", () => {
    const digits = bitRows("0xfffffffffffffffe", 64, []).flatMap((runs) => runs.map((run) => run.digits));
    expect(digits.join("")).toBe(`${"1".repeat(63)}0`);
  });
});
