/** The kernel's own memory: free pages of RAM above the kernel image, the page tables, and the direct map. */
import {
  offset,
  PAGE_SIZE,
  type PhysicalAddress,
  physical,
  type VirtualAddress,
  virtual,
} from "../core/address";
import type { Machine } from "../machine/machine";
import { type Level, PTE, pageSizeAt } from "../mmu/page-table";
import { FreePages, type Stretch } from "./memory/free-pages";

/** Start of the direct mapping of all RAM (Documentation/x86/x86_64/mm.rst). */
export const PAGE_OFFSET = virtual(-0x7780_0000_0000);
const FOUR_GIB = 2 ** 32;
const MIB = 2 ** 20;
/** Where the kernel image begins; what is between it and the first MiB is ZONE_DMA. */
const KERNEL_START = 16 * MIB;
/** Room for page tables. */
const TABLE_BYTES = 64 * MIB;
const KERNEL_FLAGS = PTE.PRESENT | PTE.WRITE | PTE.ACCESSED | PTE.DIRTY | PTE.GLOBAL;

export class Pages {
  readonly #machine: Machine;
  #next: PhysicalAddress;
  readonly #end: number;
  readonly #free: PhysicalAddress[] = [];
  readonly #blocks: FreePages;

  /** `first`: the first free page above the kernel image. */
  constructor(machine: Machine, first: PhysicalAddress) {
    this.#machine = machine;
    this.#next = first;
    this.#end = Math.min(machine.physical.lowRam, first + TABLE_BYTES);
    this.#blocks = new FreePages(stretchesOf(machine, this.#end));
  }

  /** Contiguous pages below `limit`, a power of two of them; undefined where none are left. Their content is left. */
  allocate(bytes: number, limit: number): PhysicalAddress | undefined {
    return this.#blocks.allocate(bytes, limit);
  }

  release(at: PhysicalAddress, bytes: number): void {
    this.#blocks.release(at, bytes);
  }

  /** Zeros; nothing is written where nothing was. */
  clear(at: PhysicalAddress, bytes: number): void {
    for (let done = 0; done < bytes; done += PAGE_SIZE - ((at + done) % PAGE_SIZE)) {
      const start = this.#machine.physical.ramOffset(offset(at, done)) ?? 0;
      const length = Math.min(bytes - done, PAGE_SIZE - (start % PAGE_SIZE));
      if (this.#machine.ram.isWritten(Math.floor(start / PAGE_SIZE)))
        this.#machine.ram.copyIn(start, new Uint8Array(length));
    }
  }

  /** A page of zeros, for a table. */
  readonly take = (): PhysicalAddress => {
    const page = this.#free.pop() ?? this.#bump();
    this.clear(page, PAGE_SIZE);
    return page;
  };

  give(page: PhysicalAddress): void {
    this.#free.push(page);
  }

  /** New page tables with all RAM in the direct map, in the largest pages that fit. */
  mapKernel(): void {
    this.#machine.cr3 = this.take();
    const { description, physical: map } = this.#machine;
    this.#mapRam(0, map.lowRam);
    this.#mapRam(FOUR_GIB, FOUR_GIB + description.ram - map.lowRam);
  }

  #mapRam(start: number, end: number): void {
    for (let at = start; at < end; ) {
      const level =
        ([3, 2, 1] as const).find((it) => at % pageSizeAt(it) === 0 && at + pageSizeAt(it) <= end) ?? 1;
      this.map(offset(PAGE_OFFSET, at), physical(at), { flags: 0, level });
      at += pageSizeAt(level);
    }
  }

  map(at: VirtualAddress, to: PhysicalAddress, { flags, level = 1 }: { flags: number; level?: Level }): void {
    this.#machine.pageTable.map(at, to, { flags: KERNEL_FLAGS | flags, level, takePage: this.take });
  }

  unmap(at: VirtualAddress, level: Level = 1): void {
    this.#machine.pageTable.unmap(at, level);
  }

  #bump(): PhysicalAddress {
    const page = this.#next;
    if (page + PAGE_SIZE > this.#end) throw new RangeError("The kernel is out of memory");
    this.#next = offset(page, PAGE_SIZE);
    return page;
  }
}

/** RAM that nobody has: not the first MiB, not the kernel, not its page tables. */
function stretchesOf({ description, physical: map }: Machine, tablesEnd: number): Stretch[] {
  const ram = description.platform.filter(({ name }) => name === "System RAM");
  const known = ram.map(({ start, end }) => ({ start: Number(start), end: Number(end) + 1 }));
  const all = known.length ? known : [{ start: MIB, end: map.lowRam }];
  return all.flatMap(({ start, end }) => [
    { start: Math.max(start, MIB), end: Math.min(end, KERNEL_START) },
    { start: Math.max(start, tablesEnd), end },
  ]);
}
