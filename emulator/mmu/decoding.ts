/** What answers at a physical address for the mapping that leads there: memory of type WC has a way of its own. */
import type { PhysicalAddress } from "../core/address";
import { PAGE_SIZE } from "../core/address";
import type { Decoded, PhysicalSpace } from "../core/physical-space";
import { effectiveType, memoryTypeOf } from "./memory-type";
import type { Mtrr } from "./mtrr";
import type { PageTable } from "./page-table";
import type { Tlb } from "./tlb";

export interface DecodingParts {
  readonly space: PhysicalSpace;
  readonly pageTable: PageTable;
  readonly mtrr: Mtrr;
}

/** As the page enters entry `x`, after its walk: the page table's leaf and the range registers give the type. */
export function decodeEntered(tlb: Tlb, x: number, address: number, parts: DecodingParts): Decoded {
  const found = parts.space.decode(address as PhysicalAddress);
  tlb.combines[x >>> 2] = found.combining && isWriteCombining(address, parts) ? 1 : 0;
  return combined(found, tlb, x);
}

/** Another stretch of a page that is in entry `x`. */
export function decodeAgain(tlb: Tlb, x: number, address: number, { space }: DecodingParts): Decoded {
  return combined(space.decode(address as PhysicalAddress), tlb, x);
}

function isWriteCombining(address: number, { mtrr, pageTable }: DecodingParts): boolean {
  const page = (address - (address % PAGE_SIZE)) as PhysicalAddress;
  return effectiveType(mtrr.typeOf(page), memoryTypeOf(pageTable.leaf, pageTable.leafLevel)) === "WC";
}

/** Stores that are gathered are seen on the bus as they leave, not one by one. */
function combined(found: Decoded, { combines, write }: Tlb, x: number): Decoded {
  if (!combines[x >>> 2] || found.kind !== "io" || !found.combining) return found;
  return { ...found, io: found.combining, bus: !write };
}
