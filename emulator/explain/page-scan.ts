/** The page tables backwards: which virtual addresses map a physical one. */
import { type PhysicalAddress, type VirtualAddress, virtual } from "../core/address";
import { hex } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import { LINUX_NAME } from "../mmu/memory-type";
import { type Entry, frameOf, type Level, PTE, pageSizeAt } from "../mmu/page-table";
import { isLeaf, pageType } from "./reads";

/** A virtual address and what the leaf that maps it says. */
export interface Mapped {
  readonly address: VirtualAddress;
  /** `page of 4 KiB, uncached-minus` */
  readonly how: string;
}

const ENTRIES = 512;
const CANONICAL_SIZE = 2 ** 48;
/** Tables may refer to each other in circles, so that one page has endless names. */
const MOST = 256;

export function virtualsOf(machine: Hardware, wanted: PhysicalAddress): readonly Mapped[] {
  const found: Mapped[] = [];
  new Scan(machine, wanted, found).table(4, { at: rootOf(machine), base: 0 });
  return found;
}

/** The first entry that any walk reads lies in the root table. */
function rootOf({ pageTable }: Hardware): PhysicalAddress {
  const entries: PhysicalAddress[] = [];
  pageTable.walk(0, 0, { visit: ({ at }) => void entries.push(at) });
  return entries[0] as PhysicalAddress;
}

interface Table {
  readonly at: PhysicalAddress;
  /** The first virtual address that it maps, unsigned. */
  readonly base: number;
}

class Scan {
  readonly #machine: Hardware;
  readonly #wanted: PhysicalAddress;
  readonly #found: Mapped[];
  /** Tables, by level, that lead nowhere. */
  readonly #barren = new Set<string>();

  constructor(machine: Hardware, wanted: PhysicalAddress, found: Mapped[]) {
    this.#machine = machine;
    this.#wanted = wanted;
    this.#found = found;
  }

  /** Whether anything below maps what is wanted. */
  table(level: Level, { at, base }: Table): boolean {
    const key = `${level} ${at}`;
    if (this.#barren.has(key)) return false;
    let fruitful = false;
    for (let index = 0; index < ENTRIES && this.#found.length < MOST; index++) {
      const entry = this.#entry(level, at, index);
      if (!(entry.low & PTE.PRESENT)) continue;
      if (this.#follow(entry, base + index * pageSizeAt(level))) fruitful = true;
    }
    if (!fruitful) this.#barren.add(key);
    return fruitful;
  }

  #follow(entry: Entry, base: number): boolean {
    const { level, low, high } = entry;
    if (!isLeaf(entry)) return this.table((level - 1) as Level, { at: frameOf(low, high), base });
    const size = pageSizeAt(level);
    const inside = this.#wanted - frameOf(low, high, size);
    if (inside < 0 || inside >= size) return false;
    const how = `page of ${sizeText(size)}, ${LINUX_NAME[pageType(entry)]}`;
    this.#found.push({ address: signed(base + inside), how });
    return true;
  }

  #entry(level: Level, table: PhysicalAddress, index: number): Entry {
    const at = (table + index * 8) as PhysicalAddress;
    const word = (where: number) => this.#machine.physical.readWord(where as PhysicalAddress) ?? 0;
    return { level, index, at, low: word(at), high: word(at + 4) };
  }
}

function signed(address: number): VirtualAddress {
  return virtual(address < CANONICAL_SIZE / 2 ? address : address - CANONICAL_SIZE);
}

function sizeText(bytes: number): string {
  if (bytes >= 2 ** 30) return `${bytes / 2 ** 30} GiB`;
  return bytes >= 2 ** 20 ? `${bytes / 2 ** 20} MiB` : `${bytes / 2 ** 10} KiB`;
}

/** As translate takes it. */
export function virtualText(address: VirtualAddress): string {
  return address < 0 ? hex(address) : `virt:${hex(address)}`;
}
