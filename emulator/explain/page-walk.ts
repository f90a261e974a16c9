/** A page-table entry as a hop of a translation. */
import { hex } from "../core/hex";
import type { Hop } from "../machine/views";
import { type Entry, frameOf, LEVEL_NAME, PTE, PTE_HIGH, pageSizeAt } from "../mmu/page-table";

export function tableHop({ level, index, at, low, high }: Entry): Hop {
  const leaf = level === 1 || (low & PTE.LARGE) !== 0;
  const flags = (Object.keys(FLAG_TEXT) as (keyof typeof FLAG_TEXT)[]).filter((flag) => low & PTE[flag]);
  const words = [...flags.map((flag) => FLAG_TEXT[flag]), ...(high & PTE_HIGH.NO_EXECUTE ? ["NX"] : [])];
  const value = hex((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
  return {
    kind: "page-table",
    title:
      leaf && level > 1
        ? `${LEVEL_NAME[level]} (page of ${pageSizeAt(level) / 2 ** 20} MiB)`
        : LEVEL_NAME[level],
    ...(low & PTE.PRESENT && { address: hex(frameOf(low, high)) }),
    facts: [
      { label: "index", value: String(index) },
      { label: "entry at", value: hex(at) },
      { label: "entry", value },
      { label: "flags", value: words.join(" ") || "not present" },
      ...(leaf ? [{ label: "memory type", value: memoryType(low) }] : []),
    ],
  };
}

const FLAG_TEXT = {
  PRESENT: "present",
  WRITE: "writable",
  USER: "user",
  PWT: "PWT",
  PCD: "PCD",
  ACCESSED: "accessed",
  DIRTY: "dirty",
  GLOBAL: "global",
} as const;

/** Linux's PAT (arch/x86/mm/pat/memtype.c); the PAT bit itself is never set here. */
function memoryType(low: number): string {
  if (low & PTE.PCD) return low & PTE.PWT ? "uncached" : "uncached-minus";
  return low & PTE.PWT ? "write-combining" : "write-back";
}
