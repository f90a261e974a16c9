/**
 * Memory types: how the CPU may treat accesses of a page (Intel SDM vol. 3A, 12.3 and 12.12). The page-table entry picks
 * one by its PAT, PCD and PWT bits, the MTRRs give one to the physical range, and a table says what comes of both.
 */

/** Uncacheable; uncacheable unless an MTRR says write combining; write combining, through, back; write protected. */
export type MemoryType = "UC" | "UC-" | "WC" | "WT" | "WB" | "WP";

/** IA32_PAT as Linux programs it (arch/x86/mm/pat/memtype.c, pat_bp_init): by PAT, PCD and PWT as a number. */
const PAT: readonly MemoryType[] = ["WB", "WC", "UC-", "UC", "WB", "WP", "UC-", "WT"];

const PWT = 0x08;
const PCD = 0x10;
/** Bit 7 of an entry for 4 KiB; there, entries of larger pages say that they are larger. */
const PAT_SMALL = 0x80;
const PAT_LARGE = 0x1000;

/** The type that a leaf entry picks: `low` is its low word, `level` 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB. */
export function memoryTypeOf(low: number, level: 1 | 2 | 3 | 4): MemoryType {
  const high = low & (level === 1 ? PAT_SMALL : PAT_LARGE) ? 4 : 0;
  return PAT[high | (low & PCD ? 2 : 0) | (low & PWT ? 1 : 0)] ?? "UC";
}

/** The bits of an entry that pick `type`, the lowest entry of the PAT that has it (cachemode2protval). */
export function cacheBits(type: MemoryType, level: 1 | 2 | 3 | 4): number {
  const index = PAT.indexOf(type);
  const pat = level === 1 ? PAT_SMALL : PAT_LARGE;
  return (index & 4 ? pat : 0) | (index & 2 ? PCD : 0) | (index & 1 ? PWT : 0);
}

// biome-ignore format: a table, as in the manual
const EFFECTIVE: Readonly<Record<Exclude<MemoryType, "UC-">, Readonly<Record<MemoryType, MemoryType>>>> = {
  UC: { UC: "UC", "UC-": "UC", WC: "WC", WT: "UC", WB: "UC", WP: "UC" },
  WC: { UC: "UC", "UC-": "WC", WC: "WC", WT: "UC", WB: "WC", WP: "UC" },
  WT: { UC: "UC", "UC-": "UC", WC: "WC", WT: "WT", WB: "WT", WP: "WP" },
  WB: { UC: "UC", "UC-": "UC", WC: "WC", WT: "WT", WB: "WB", WP: "WP" },
  WP: { UC: "UC", "UC-": "WC", WC: "WC", WT: "WT", WB: "WP", WP: "WP" },
};

/** What an access is in the end (SDM vol. 3A, table 12-7). */
export function effectiveType(mtrr: Exclude<MemoryType, "UC-">, pat: MemoryType): MemoryType {
  return EFFECTIVE[mtrr][pat];
}

/** As /sys/kernel/debug/x86/pat_memtype_list and log lines call them. */
export const LINUX_NAME: Readonly<Record<MemoryType, string>> = {
  UC: "uncached",
  "UC-": "uncached-minus",
  WC: "write-combining",
  WT: "write-through",
  WB: "write-back",
  WP: "write-protected",
};
