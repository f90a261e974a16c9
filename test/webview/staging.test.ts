import { describe, expect, it } from "vitest";
import type { FieldRow, RegisterRow } from "../../webview/protocol";
import { cautions, changes, outcome, parseValue, withField } from "../../webview/view-model/staging";

interface Part {
  readonly access?: string;
  readonly msb?: number;
  readonly lsb?: number;
}

const field = (name: string, { access = "rw", msb = 0, lsb = msb }: Part = {}): FieldRow => ({
  name,
  msb,
  lsb,
  access,
  value: "",
  meaning: "",
  meanings: [],
  doc: "",
});

const register = (value: string, fields: readonly FieldRow[]): RegisterRow => ({
  key: "0000:01:00.0/BAR0/edu.STATUS",
  id: "edu.STATUS",
  name: "STATUS",
  space: "BAR0",
  offset: "0x20",
  width: 16,
  access: "rw",
  value,
  reset: "0x0000",
  physical: "",
  meaning: "",
  doc: "",
  fields,
  readSideEffect: false,
  watched: false,
});

describe("a number that is typed", () => {
  it("is hexadecimal, decimal or binary, and fits the register", () => {
    expect(parseValue("0xFFFF", 16)).toBe(0xffffn);
    expect(parseValue(" 12 ", 16)).toBe(12n);
    expect(parseValue("0b1111_0000", 16)).toBe(0xf0n);
    expect(parseValue("0x1FFFFFFFF", 32)).toBe("0x1FFFFFFFF does not fit 32 bits.");
  });

  it("is never taken for the number it begins with", () => {
    for (const text of ["12abc", "0x", "", "-1", "1e3", "abc"])
      expect(parseValue(text, 32)).toMatch(/^Write a number/);
  });

  it("keeps all of 64 bits", () => {
    expect(parseValue("0xffffffffffffffff", 64)).toBe(2n ** 64n - 1n);
    expect(withField(0n, { msb: 63, lsb: 62 }, 3n)).toBe(3n << 62n);
  });
});

describe("a staged value", () => {
  const status = register("0x0081", [
    field("COMPUTING", { access: "ro" }),
    { ...field("IRQ", { msb: 7 }), meanings: [{ value: "0x1", name: "on" }] },
  ]);

  it("is shown against the present one, field by field, by name where the value has one", () => {
    expect(changes(status, 0x0001n)).toEqual([{ name: "IRQ [7]", from: "1 on", to: "0" }]);
  });

  it("shows bits that no field owns as ranges, and warns of them", () => {
    expect(changes(status, 0x0381n)).toEqual([{ name: "[15:8]", from: "0", to: "3" }]);
    expect(cautions(status, 0x0381n)).toEqual(["Bits [15:8] are reserved: write them as they are."]);
  });

  it("does not change what is read only", () => {
    expect(outcome(status, 0n)).toBe(1n);
    expect(cautions(status, 0x80n)).toEqual(["COMPUTING is read only: the bus ignores it. Poke changes it."]);
  });

  it("clears what is cleared by writing 1 when it is written back as it was read", () => {
    const errors = register("0x0003", [
      field("CORRECTABLE", { access: "w1c" }),
      field("FATAL", { access: "w1c", msb: 1 }),
    ]);
    expect(outcome(errors, 0x1n)).toBe(0x2n);
    expect(cautions(errors, 0x1n)).toEqual([
      "A 1 is written to CORRECTABLE: that clears it.",
      "A 0 is written to FATAL, which is cleared by writing 1: it stays.",
    ]);
  });

  it("sets, and never clears, what is set by writing 1", () => {
    const doorbell = register("0x0001", [field("RING", { access: "w1s", msb: 1, lsb: 0 })]);
    expect(outcome(doorbell, 0x2n)).toBe(0x3n);
    expect(cautions(doorbell, 0x2n)).toEqual(["RING is set by writing 1: a 0 does not clear it."]);
  });
});
