/** What the memory type of a mapping means for what lies behind it (Intel SDM vol. 3A, 12.3; Linux ioremap). */
import { highHalf, lowHalf, physical, type VirtualAddress } from "../core/address";
import type { Hardware } from "../machine/hardware";
import { effectiveType, LINUX_NAME, type MemoryType, memoryTypeOf } from "../mmu/memory-type";
import type { Entry } from "../mmu/page-table";
import type { Target } from "./ending";

const MEANING: Readonly<Record<MemoryType, string>> = {
  UC: "each access goes out by itself, in order",
  "UC-": "each access goes out by itself, in order",
  WC: "writes are gathered and may go out later, merged and in another order: flush with wmb() or a read",
  WT: "reads may come from a cache and see nothing of what the device changes",
  WB: "reads come from a cache and writes stay in it: no device hears of them",
  WP: "reads may come from a cache",
};

/** Nothing for RAM that is write-back, as it should be. */
export function typeNotes(machine: Hardware, address: VirtualAddress, target: Target): readonly string[] {
  const leaves: Entry[] = [];
  const at = machine.pageTable.walk(highHalf(address), lowHalf(address), {
    visit: (it) => void leaves.push(it),
  });
  const leaf = leaves.at(-1);
  if (at < 0 || !leaf) return [];
  const pat = memoryTypeOf(leaf.low, leaf.level);
  const mtrr = machine.mtrr.typeOf(physical(at));
  const type = effectiveType(mtrr, pat);
  if (target.kind === "ram" && type === "WB") return [];
  const both = `${LINUX_NAME[pat]} by its page-table entry, ${LINUX_NAME[mtrr]} by the MTRRs`;
  const cached = target.kind === "ram" ? "" : warning(type);
  return [`The mapping is ${LINUX_NAME[type]} (${both}): ${MEANING[type]}.${cached}`];
}

function warning(type: MemoryType): string {
  if (type === "UC" || type === "UC-") return "";
  return " Registers with side effects belong behind ioremap(), which is uncached.";
}
