/**
 * The tables of DMA remapping as they lie in RAM (Intel VT-d 3.4, 9.1 to 9.8, legacy mode): root and context entries of
 * 128 bits pick a domain by bus and function, second-level tables of three or four levels translate inside it.
 * A walk only looks: it records nothing and caches nothing.
 */
import { PAGE_SIZE, type PhysicalAddress, physical } from "../core/address";

/** RAM by physical address; `undefined` where there is none. Words are signed. */
export interface TableMemory {
  readWord(at: PhysicalAddress): number | undefined;
}

/** What Linux calls each fault reason (drivers/iommu/intel/dmar.c, dma_remap_fault_reasons). */
export const FAULT_REASONS: Readonly<Record<number, string>> = {
  1: "Present bit in root entry is clear",
  2: "Present bit in context entry is clear",
  3: "Invalid context entry",
  4: "Access beyond MGAW",
  5: "PTE Write access is not set",
  6: "PTE Read access is not set",
  7: "Next page table ptr is invalid",
  8: "Root table address invalid",
  9: "Context table ptr is invalid",
};

/** Of a second-level entry. */
export const SL = { READ: 1, WRITE: 2, LARGE: 0x80 } as const;
/** Of a root or context entry. */
export const CONTEXT = { PRESENT: 1, FAULT_DISABLE: 2, PASS_THROUGH: 2 << 2 } as const;

/** One entry as the walk met it. */
export interface RemapStep {
  readonly table: "root" | "context" | "second-level";
  /** Of a second-level table: 1 is the last. */
  readonly level?: number;
  readonly index: number;
  readonly at: PhysicalAddress;
  readonly low: bigint;
  /** Upper half of a root or context entry. */
  readonly high?: bigint;
}

export type RemapFault = { readonly kind: "fault"; readonly reason: number; readonly text: string };

export type Remapped =
  | { readonly kind: "translated"; readonly physical: PhysicalAddress; readonly bytes: number }
  | { readonly kind: "passed-through"; readonly physical: PhysicalAddress; readonly bytes: number }
  | RemapFault;

/** A context entry, taken apart. */
export interface Context {
  readonly passThrough: boolean;
  readonly table: PhysicalAddress;
  readonly levels: number;
  readonly domain: number;
  readonly faultsDisabled: boolean;
}

/** A translation of one page, with what the entries on the way all allow. */
export interface Leaf {
  readonly page: PhysicalAddress;
  readonly bytes: number;
  readonly read: boolean;
  readonly write: boolean;
}

type Visit = ((step: RemapStep) => void) | undefined;

const ADDRESS = 0x000f_ffff_ffff_f000n;

export function fault(reason: number): RemapFault {
  return { kind: "fault", reason, text: FAULT_REASONS[reason] ?? "Unknown" };
}

/** The context entry of a requester id, or why there is none. */
export function contextOf(
  memory: TableMemory,
  root: PhysicalAddress,
  { requester, visit }: { readonly requester: number; readonly visit?: Visit },
): Context | RemapFault {
  const bus = requester >>> 8;
  const rootEntry = entry128(memory, root, bus);
  if (!rootEntry) return fault(8);
  visit?.({ table: "root", index: bus, ...rootEntry });
  if (!(rootEntry.low & 1n)) return fault(1);
  const index = requester & 0xff;
  const found = entry128(memory, pointer(rootEntry.low), index);
  if (!found) return fault(9);
  visit?.({ table: "context", index, ...found });
  if (!(found.low & 1n)) return fault(2);
  return takenApart(found);
}

function takenApart({ low, high }: { readonly low: bigint; readonly high: bigint }): Context | RemapFault {
  const type = Number((low >> 2n) & 3n);
  const width = Number(high & 7n);
  if (type === 3 || type === 1 || (type === 0 && width !== 1 && width !== 2)) return fault(3);
  return {
    passThrough: type === 2,
    table: pointer(low),
    levels: width + 2,
    domain: Number((high >> 8n) & 0xffffn),
    faultsDisabled: (low & 2n) !== 0n,
  };
}

/** The page of `address` in a domain, or why it has none for this kind of access. */
export function leafOf(
  memory: TableMemory,
  { table, levels }: Pick<Context, "table" | "levels">,
  { address, write, visit }: { readonly address: bigint; readonly write: boolean; readonly visit?: Visit },
): Leaf | RemapFault {
  if (address >> BigInt(12 + 9 * levels)) return fault(4);
  let [from, read, writable] = [table, true, true];
  for (let level = levels; ; level--) {
    const index = Number((address >> BigInt(12 + 9 * (level - 1))) & 511n);
    const at = physical(from + index * 8);
    const low = word64(memory, at);
    if (low === undefined) return fault(7);
    visit?.({ table: "second-level", level, index, at, low });
    read &&= (low & 1n) !== 0n;
    writable &&= (low & 2n) !== 0n;
    if (write ? !writable : !read) return fault(write ? 5 : 6);
    if (level === 1 || low & BigInt(SL.LARGE)) {
      const bytes = PAGE_SIZE * 512 ** (level - 1);
      return { page: physical(pointer(low) - (pointer(low) % bytes)), bytes, read, write: writable };
    }
    from = pointer(low);
  }
}

function pointer(low: bigint): PhysicalAddress {
  return physical(Number(low & ADDRESS));
}

function entry128(
  memory: TableMemory,
  table: PhysicalAddress,
  index: number,
): { at: PhysicalAddress; low: bigint; high: bigint } | undefined {
  const at = physical(table + index * 16);
  const [low, high] = [word64(memory, at), word64(memory, physical(at + 8))];
  return low === undefined || high === undefined ? undefined : { at, low, high };
}

function word64(memory: TableMemory, at: PhysicalAddress): bigint | undefined {
  const [low, high] = [memory.readWord(at), memory.readWord(physical(at + 4))];
  if (low === undefined || high === undefined) return undefined;
  return BigInt(low >>> 0) | (BigInt(high >>> 0) << 32n);
}
