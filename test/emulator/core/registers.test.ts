import { describe, expect, test } from "vitest";
import { Arena } from "../../../emulator/core/arena";
import { RegisterFile } from "../../../emulator/core/register-file";
import { defineRegisters } from "../../../emulator/core/register-map";

const map = defineRegisters({
  CTRL: {
    at: 0,
    width: 16,
    access: "rw",
    reset: 0x1234,
    doc: "",
    fields: { LOW: { bits: [7, 0], doc: "" }, FIXED: { bits: [15, 8], doc: "", access: "ro" } },
  },
  STATUS: { at: 2, width: 16, access: "w1c", reset: 0xffff, doc: "" },
  SET: { at: 4, width: 32, access: "w1s", doc: "" },
  CLEARED: { at: 8, width: 32, access: "rc", reset: 0xabcd, doc: "" },
  WIDE: { at: 16, width: 64, access: "rw", doc: "" },
});

function file(): RegisterFile {
  const registers = new RegisterFile(Arena.create(1 << 24), map);
  registers.reset();
  return registers;
}

describe("a register file", () => {
  test("a write changes writable bits only, and only in the lanes it covers", () => {
    const registers = file();
    registers.write(0, { value: -1, lanes: 0xffff });
    expect(registers.value("CTRL")).toBe(0x12ff);
    expect(registers.value("STATUS")).toBe(0xffff);
  });

  test("writing 1 clears w1c bits, writing 0 leaves them", () => {
    const registers = file();
    registers.write(0, { value: 0x00f0_0000, lanes: 0xffff_0000 | 0 });
    expect(registers.value("STATUS")).toBe(0xff0f);
  });

  test("writing 1 sets w1s bits, writing 0 leaves them", () => {
    const registers = file();
    registers.write(4, { value: 5, lanes: -1 });
    registers.write(4, { value: 2, lanes: -1 });
    expect(registers.value("SET")).toBe(7);
  });

  test("a bus read clears rc bits in its lanes, a peek does not", () => {
    const registers = file();
    expect(registers.peek(8, 4)).toBe(0xabcd);
    expect(registers.peek(8, 4)).toBe(0xabcd);
    registers.clearOnRead(8, 0xff);
    expect(registers.value("CLEARED")).toBe(0xab00);
  });

  test("a 64-bit register holds all its bits", () => {
    const registers = file();
    registers.set("WIDE", 0xfedc_ba98_7654_3210n);
    expect(registers.get("WIDE")).toBe(0xfedc_ba98_7654_3210n);
    expect(registers.word(20)).toBe(0xfedc_ba98 | 0);
  });
});

describe("a register map", () => {
  const at = { width: 32, access: "rw", doc: "" } as const;

  test("refuses registers that overlap", () => {
    expect(() => defineRegisters({ A: { at: 0, ...at }, B: { at: 2, ...at } })).toThrow(
      /before it ends at 4/,
    );
  });

  test("refuses two fields on one bit", () => {
    const fields = { X: { bits: [3, 0], doc: "" }, Y: { bits: 3, doc: "" } } as const;
    expect(() => defineRegisters({ A: { at: 0, ...at, fields } })).toThrow(/another field has its bits/);
  });

  test("refuses a field wider than its register", () => {
    const fields = { X: { bits: 32, doc: "" } } as const;
    expect(() => defineRegisters({ A: { at: 0, ...at, fields } })).toThrow(/Cannot fit X/);
  });

  test("is plain JSON", () => {
    expect(JSON.parse(JSON.stringify(map))).toEqual(map);
  });
});
