/**
 * x86-64 four-level page tables, as they lie in the machine's RAM (Intel SDM vol. 3A, 4.5).
 * An entry is two 32-bit words; the walk allocates nothing.
 */
import {
  highHalf,
  lowHalf,
  PAGE_SIZE,
  type PhysicalAddress,
  physical,
  type VirtualAddress,
} from "../core/address";

/** Bits of an entry's low word. */
export const PTE = {
  PRESENT: 1,
  WRITE: 2,
  USER: 4,
  PWT: 8,
  PCD: 0x10,
  ACCESSED: 0x20,
  DIRTY: 0x40,
  /** A large page in levels 3 and 2. */
  LARGE: 0x80,
  GLOBAL: 0x100,
} as const;

/** Of an entry's high word. */
export const PTE_HIGH = { NO_EXECUTE: 0x8000_0000 | 0, FRAME: 0x000f_ffff } as const;

export type Level = 4 | 3 | 2 | 1;
export const LEVEL_NAME: Readonly<Record<Level, string>> = { 4: "PGD", 3: "PUD", 2: "PMD", 1: "PTE" };

/** RAM by physical address; `undefined` where there is none. Words are signed, addresses multiples of 4. */
export interface WordMemory {
  readWord(at: PhysicalAddress): number | undefined;
  writeWord(at: PhysicalAddress, value: number): void;
}

/** One entry as the walk met it. */
export interface Entry {
  readonly level: Level;
  readonly index: number;
  readonly at: PhysicalAddress;
  readonly low: number;
  readonly high: number;
}

/** Why a walk ended without an address: nothing is mapped, the entry forbids a write, or no table is even asked. */
export type WalkFault = "not-present" | "read-only" | "not-canonical";

const TWO_32 = 0x1_0000_0000;

/** The physical address in an entry, without its flags. `size` is the page size the entry maps or points to. */
export function frameOf(low: number, high: number, size = PAGE_SIZE): PhysicalAddress {
  const address = (high & PTE_HIGH.FRAME) * TWO_32 + ((low & 0xfffff000) >>> 0);
  return (address - (address % size)) as PhysicalAddress;
}

/** Bytes that an entry of this level maps if it is a leaf. */
export function pageSizeAt(level: Level): number {
  return PAGE_SIZE * 512 ** (level - 1);
}

/** The index into the table of `level` for a virtual address in halves. */
export function indexAt(
  level: Level,
  { high, low }: { readonly high: number; readonly low: number },
): number {
  if (level === 4) return (high >>> 7) & 511;
  if (level === 3) return ((high << 2) | (low >>> 30)) & 511;
  return (low >>> (level === 2 ? 21 : 12)) & 511;
}

export class PageTable {
  readonly #memory: WordMemory;
  readonly #root: () => PhysicalAddress;
  /** Why the last walk failed. */
  fault: WalkFault = "not-present";
  /** The low word of the last leaf: its cache bits. */
  leaf = 0;
  leafLevel: Level = 1;

  constructor(memory: WordMemory, root: () => PhysicalAddress) {
    this.#memory = memory;
    this.#root = root;
  }

  /** The physical address, or -1 with `fault` set. With `mark`, Accessed and Dirty are set as the CPU does. */
  walk(high: number, low: number, options: WalkOptions = {}): number {
    if (high >> 15 !== 0 && high >> 15 !== -1) return this.#fails("not-canonical");
    const va = { high, low };
    let table: number = this.#root();
    for (let level: Level = 4; ; level = (level - 1) as Level) {
      const index = indexAt(level, va);
      const at = (table + index * 8) as PhysicalAddress;
      const entryLow = this.#memory.readWord(at) ?? 0;
      const entryHigh = this.#memory.readWord((at + 4) as PhysicalAddress) ?? 0;
      options.visit?.({ level, index, at, low: entryLow, high: entryHigh });
      if (!(entryLow & PTE.PRESENT)) return this.#fails("not-present");
      if (options.write && !(entryLow & PTE.WRITE)) return this.#fails("read-only");
      if (level === 1 || (level < 4 && entryLow & PTE.LARGE)) {
        this.leaf = entryLow;
        this.leafLevel = level;
        if (options.mark) this.#mark(at, entryLow, options.write);
        const size = pageSizeAt(level);
        return frameOf(entryLow, entryHigh, size) + (size === PAGE_SIZE ? low & 0xfff : (low >>> 0) % size);
      }
      table = frameOf(entryLow, entryHigh);
    }
  }

  /** Writes the leaf of `level` for `virtual`; tables on the way come from `takePage` (zeroed pages). */
  map(virtual: VirtualAddress, to: PhysicalAddress, { flags, level = 1, takePage }: MapOptions): void {
    const at = this.#entryAt(virtual, level, takePage);
    this.#memory.writeWord(at, (to % TWO_32) | flags | (level > 1 ? PTE.LARGE : 0));
    this.#memory.writeWord(physical(at + 4), Math.floor(to / TWO_32) | PTE_HIGH.NO_EXECUTE);
  }

  /** Clears the leaf of `level`. */
  unmap(virtual: VirtualAddress, level: Level = 1): void {
    const at = this.#entryAt(virtual, level, () => {
      throw new RangeError("Cannot unmap what was never mapped");
    });
    this.#memory.writeWord(at, 0);
    this.#memory.writeWord(physical(at + 4), 0);
  }

  #entryAt(virtual: VirtualAddress, leaf: Level, takePage: () => PhysicalAddress): PhysicalAddress {
    const va = { high: highHalf(virtual), low: lowHalf(virtual) };
    let table: PhysicalAddress = this.#root();
    for (let level: Level = 4; level > leaf; level = (level - 1) as Level) {
      table = this.#tableBelow(physical(table + indexAt(level, va) * 8), takePage);
    }
    return physical(table + indexAt(leaf, va) * 8);
  }

  #tableBelow(at: PhysicalAddress, takePage: () => PhysicalAddress): PhysicalAddress {
    const low = this.#memory.readWord(at) ?? 0;
    if (low & PTE.PRESENT) return frameOf(low, this.#memory.readWord(physical(at + 4)) ?? 0);
    const page = takePage();
    this.#memory.writeWord(at, (page % TWO_32) | PTE.PRESENT | PTE.WRITE | PTE.ACCESSED);
    this.#memory.writeWord(physical(at + 4), Math.floor(page / TWO_32));
    return page;
  }

  #mark(at: PhysicalAddress, low: number, write: boolean | undefined): void {
    const marked = low | PTE.ACCESSED | (write ? PTE.DIRTY : 0);
    if (marked !== low) this.#memory.writeWord(at, marked);
  }

  #fails(fault: WalkFault): -1 {
    this.fault = fault;
    return -1;
  }
}

interface WalkOptions {
  readonly write?: boolean;
  readonly mark?: boolean;
  readonly visit?: (entry: Entry) => void;
}

interface MapOptions {
  readonly flags: number;
  readonly level?: Level;
  readonly takePage: () => PhysicalAddress;
}
