import { describe, expect, test } from "vitest";
import { parseCondition } from "../../../emulator/machine/watch-condition";
import { parseWatch } from "../../../emulator/machine/watch-spec";

describe("the text of a watchpoint", () => {
  test.each([
    ["edu.FACTORIAL w", { target: { kind: "register", name: "edu.FACTORIAL" }, read: false, write: true }],
    [
      "edu.STATUS.COMPUTING",
      { target: { kind: "register", name: "edu.STATUS.COMPUTING" }, read: true, write: true },
    ],
    [
      "0x40000008+8 r",
      { target: { kind: "address", address: 0x40000008n, bytes: 8 }, read: true, write: false },
    ],
  ])("%s is understood", (text, spec) => {
    expect(parseWatch(text)).toMatchObject(spec);
  });

  test.each([
    ["edu", { target: { kind: "device", name: "edu" }, once: false }],
    ["edu.BAR0 rw once", { target: { kind: "bar", device: "edu", index: 0 }, once: true }],
    ["port:0x3f8+8 w log", { target: { kind: "port", address: 0x3f8n, bytes: 8 }, log: true }],
    ["bus:0x40000000 r", { target: { kind: "bus", address: 0x40000000n, bytes: 4 } }],
    [
      "edu.config.COMMAND.MEMORY change",
      { target: { kind: "register", name: "edu.config.COMMAND.MEMORY" }, change: true },
    ],
    ["edu.STATUS w group polling hit %5 if $value & 1", { group: "polling", write: true, read: false }],
  ])("%s is understood too", (text, spec) => {
    expect(parseWatch(text)).toMatchObject(spec);
  });

  test.each([
    "",
    "edu. w",
    "0x w",
    "0x10+0",
    "edu.A x",
    "edu.A w if",
    "edu.A w if $value &",
    "edu.A w if (1",
    "edu.A w if 1 2",
    "edu.A w if $other",
    "edu.A w if constructor",
    "edu.A w if $dev + 1",
    "edu.A w if $value == 'x'",
    "edu.A hit",
    "edu.A hit 0",
    "edu.A group",
    "port:0xffff+2",
    "0x10+99999999999999999999",
  ])("%j is refused with a sentence", (text) => {
    expect(parseWatch(text)).toMatch(/^[A-Z"].* .*\w/);
  });
});

describe("a condition", () => {
  const given = {
    value: 0x81n,
    old: 1n,
    size: 4,
    dev: "edu",
    bdf: "0000:01:00.0",
    initiator: "cpu",
  } as const;

  test.each([
    ["$value & 0x80", true],
    ["$value & 0x80 == 0", false],
    ["($value & 2) != 0 || $old == 1", true],
    ["$value > $old && $size == 4", true],
    ["!($value - 0b10000001)", true],
    ["1 + 2 * 3 == 7 && 1 << 3 == 8", true],
    ["~$old == 0xfffffffffffffffe", true],
    ["1 << 64", false],
    ["-1 == 0xffffffffffffffff", true],
    ["$bdf == \"0000:01:00.0\" && $dev != 'nvme'", true],
    ["$initiator === 'dma'", false],
    ["$dev", true],
  ])("%s is %s", (text, result) => {
    const condition = parseCondition(text);
    expect(typeof condition === "string" ? condition : condition(given)).toBe(result);
  });
});

test("a target names a DMA buffer by the device and its handle", () => {
  expect(parseWatch("iova@edu:0xfffff000+4096 w")).toMatchObject({
    target: { kind: "iova", device: "edu", address: 0xfffff000n, bytes: 4096 },
  });
  expect(parseWatch("iova@0000:01:00.0:0x1000")).toMatchObject({ target: { device: "0000:01:00.0" } });
  expect(parseWatch("iova@edu:edu.STATUS")).toMatch(/address of a device/);
});
