/** A page-table entry as a hop of a translation. */
import { hex } from "../core/hex";
import type { Hop } from "../machine/way-views";
import { LINUX_NAME } from "../mmu/memory-type";
import { type Entry, frameOf, LEVEL_NAME, PTE, PTE_HIGH, pageSizeAt } from "../mmu/page-table";
import { entryValue, isLeaf, pageType, readEntry } from "./reads";

export function tableHop(entry: Entry): Hop {
  const { level, index, at, low, high } = entry;
  const leaf = isLeaf(entry);
  const flags = (Object.keys(FLAG_TEXT) as (keyof typeof FLAG_TEXT)[]).filter((flag) => low & PTE[flag]);
  const words = [...flags.map((flag) => FLAG_TEXT[flag]), ...(high & PTE_HIGH.NO_EXECUTE ? ["NX"] : [])];
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
      { label: "entry", value: hex(entryValue(entry)) },
      { label: "flags", value: words.join(" ") || "not present" },
      ...(leaf && low & PTE.PRESENT ? [{ label: "memory type", value: LINUX_NAME[pageType(entry)] }] : []),
    ],
    reads: [readEntry(entry)],
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
