import { describe, expect, test } from "vitest";
import { Arena } from "../../../emulator/core/arena";
import { Memory } from "../../../emulator/core/memory";
import type { BarDeclaration, BarKind } from "../../../emulator/pci/bar";
import { PciFunction } from "../../../emulator/pci/function";

const ids = { vendor: 0x1234, device: 1, revision: 0, classCode: 0xff0000 };

function withBar(
  kind: BarKind,
  { size, prefetchable = false }: { size: number; prefetchable?: boolean },
): PciFunction {
  const arena = Arena.create(1 << 24);
  const memory = new Memory(arena, "memory", 4096);
  const bar: BarDeclaration = { index: 0, kind, size, prefetchable, target: { kind: "memory", memory } };
  const fn = new PciFunction(arena, { name: "fn", ids, bars: [bar] });
  fn.reset();
  return fn;
}

function sized(fn: PciFunction): string[] {
  return [0x10, 0x14].map((at) => {
    fn.configWrite(at, { width: 4, value: 0xffffffff });
    return fn.configRead(at, 4).toString(16);
  });
}

describe("sizing a BAR by writing ones (PCIe 7.5.1.2.1)", () => {
  test.each([
    ["mem32", 1 << 20, false, "fff00000", "0"],
    ["mem32", 16, true, "fffffff8", "0"],
    ["mem64", 1 << 22, true, "ffc0000c", "ffffffff"],
    ["mem64", 2 ** 31, true, "8000000c", "ffffffff"],
    ["mem64", 2 ** 32, true, "c", "ffffffff"],
    ["mem64", 2 ** 34, true, "c", "fffffffc"],
    ["io", 4, false, "fffffffd", "0"],
    ["io", 256, false, "ffffff01", "0"],
  ] as const)(
    "a %s BAR of %i bytes, prefetchable %s, reads %s %s",
    (kind, size, prefetchable, ...readBack) => {
      expect(sized(withBar(kind, { size, prefetchable }))).toEqual(readBack);
    },
  );

  test("BARs that are not implemented stay zero", () => {
    const fn = withBar("mem32", { size: 4096 });
    for (const at of [0x14, 0x18, 0x1c, 0x20, 0x24, 0x30]) {
      fn.configWrite(at, { width: 4, value: 0xffffffff });
      expect(fn.configRead(at, 4)).toBe(0);
    }
  });

  test("a size that is no power of two cannot be declared", () => {
    expect(() => withBar("mem32", { size: 3000 })).toThrow(/not a power of two/);
  });
});

describe("configuration writes", () => {
  test("a 16-bit write of Command leaves Status alone (PCIe 7.5.1.1.4)", () => {
    const fn = withBar("mem32", { size: 4096 });
    fn.config.set("STATUS", 0xf900);
    fn.configWrite(4, { width: 2, value: 0xffff });
    expect(fn.configRead(6, 2)).toBe(0xf900);
    expect(fn.configRead(4, 2)).toBe(0x0547);
  });

  test("Status errors are cleared by writing 1", () => {
    const fn = withBar("mem32", { size: 4096 });
    fn.config.set("STATUS", 0xf900);
    fn.configWrite(6, { width: 2, value: 0x2000 });
    expect(fn.configRead(6, 2)).toBe(0xd900);
  });

  test("identifiers cannot be written", () => {
    const fn = withBar("mem32", { size: 4096 });
    fn.configWrite(0, { width: 4, value: 0 });
    expect(fn.configRead(0, 4)).toBe(0x00011234);
  });
});
