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
import { PTE } from "../mmu/page-table";

/** Start of the direct mapping of all RAM (Documentation/x86/x86_64/mm.rst). */
export const PAGE_OFFSET = virtual(-0x7780_0000_0000);
const GIB = 2 ** 30;
const KERNEL_FLAGS = PTE.PRESENT | PTE.WRITE | PTE.ACCESSED | PTE.DIRTY | PTE.GLOBAL;

export class Pages {
  readonly #machine: Machine;
  #next: PhysicalAddress;
  readonly #end: number;
  readonly #free: PhysicalAddress[] = [];

  /** `first`: the first free page above the kernel image. */
  constructor(machine: Machine, first: PhysicalAddress) {
    this.#machine = machine;
    this.#next = first;
    this.#end = Math.min(machine.description.ram, 2 ** 30);
  }

  /** A page of zeros. */
  readonly take = (): PhysicalAddress => {
    const page = this.#free.pop() ?? this.#bump();
    this.#clear(page);
    return page;
  };

  give(page: PhysicalAddress): void {
    this.#free.push(page);
  }

  /** New page tables with all RAM in the direct map, in pages of 1 GiB. */
  mapKernel(): void {
    this.#machine.cr3 = this.take();
    const { ram } = this.#machine.description;
    for (let at = 0; at < ram; at += GIB) {
      this.#machine.pageTable.map(offset(PAGE_OFFSET, at), physical(at), {
        flags: KERNEL_FLAGS,
        level: 3,
        takePage: this.take,
      });
    }
  }

  map(at: VirtualAddress, to: PhysicalAddress, flags: number): void {
    this.#machine.pageTable.map(at, to, { flags: KERNEL_FLAGS | flags, takePage: this.take });
  }

  unmap(at: VirtualAddress): void {
    this.#machine.pageTable.unmap(at);
  }

  #bump(): PhysicalAddress {
    const page = this.#next;
    if (page + PAGE_SIZE > this.#end) throw new RangeError("The kernel is out of memory");
    this.#next = offset(page, PAGE_SIZE);
    return page;
  }

  #clear(page: PhysicalAddress): void {
    const at = this.#machine.physical.ramOffset(page) ?? 0;
    if (this.#machine.ram.isWritten(at / PAGE_SIZE)) this.#machine.ram.copyIn(at, new Uint8Array(PAGE_SIZE));
  }
}
