import { describe, expect, test } from "vitest";
import { physical } from "../../../emulator/core/address";
import { cacheBits, effectiveType, type MemoryType, memoryTypeOf } from "../../../emulator/mmu/memory-type";
import { Mtrr } from "../../../emulator/mmu/mtrr";

const TYPES: readonly MemoryType[] = ["UC", "UC-", "WC", "WT", "WB", "WP"];

describe("the type that a page-table entry picks", () => {
  test("is what Linux's IA32_PAT holds at PAT, PCD, PWT (memtype.c, pat_bp_init)", () => {
    const picked = [0, 0x08, 0x10, 0x18, 0x80, 0x88, 0x90, 0x98].map((bits) => memoryTypeOf(bits | 1, 1));
    expect(picked).toEqual(["WB", "WC", "UC-", "UC", "WB", "WP", "UC-", "WT"]);
  });

  test("takes its PAT bit from bit 7 of a 4 KiB entry and from bit 12 of larger ones (SDM vol. 3A, 4.9.2)", () => {
    expect(memoryTypeOf(0x98, 1)).toBe("WT");
    expect(memoryTypeOf(0x98, 2)).toBe("UC");
    expect(memoryTypeOf(0x1098, 2)).toBe("WT");
    expect(memoryTypeOf(0x1098, 3)).toBe("WT");
  });

  test("is the one that was asked for, at every level", () => {
    for (const type of TYPES)
      for (const level of [1, 2, 3] as const) expect(memoryTypeOf(cacheBits(type, level), level)).toBe(type);
  });
});

describe("what comes of MTRR and PAT (SDM vol. 3A, table 12-7)", () => {
  // biome-ignore format: a table, as in the manual
  test.each([
    ["UC", "UC UC WC UC UC UC"],
    ["WC", "UC WC WC UC WC UC"],
    ["WT", "UC UC WC WT WT WP"],
    ["WB", "UC UC WC WT WB WP"],
    ["WP", "UC WC WC WT WP WP"],
  ] as const)("MTRR %s and PAT UC, UC-, WC, WT, WB, WP: %s", (mtrr, effective) => {
    expect(TYPES.map((pat) => effectiveType(mtrr, pat)).join(" ")).toBe(effective);
  });
});

describe("the range registers", () => {
  const mtrr = new Mtrr([
    { start: 0, end: 0xa0000, type: "WB" },
    { start: 0x100000, end: 0x40000000, type: "WB" },
  ]);

  test("give RAM write-back and the rest the default type, uncacheable", () => {
    expect(mtrr.typeOf(physical(0x9ffff))).toBe("WB");
    expect(mtrr.typeOf(physical(0xa0000))).toBe("UC");
    expect(mtrr.typeOf(physical(0xd0000000))).toBe("UC");
  });

  test("name no type for a range that has several", () => {
    expect(mtrr.typeOfRange(0x100000, 0x200000)).toBe("WB");
    expect(mtrr.typeOfRange(0x3fffffff, 0x40000001)).toBeUndefined();
    expect(mtrr.typeOfRange(0x50000000, 0x50001000)).toBe("UC");
  });
});
