/**
 * The user half of the address space: what a program gets by `mmap` of a driver's file. Pages have the User bit, and
 * their memory type is what the driver chose.
 * Not modelled: several programs, faults that a driver fills (vm_ops), copy on write.
 */
import { offset, PAGE_SIZE, physical, type VirtualAddress, virtual } from "../../core/address";
import type { Machine } from "../../machine/machine";
import { PTE } from "../../mmu/page-table";
import type { Pages } from "../pages";

/** Where mappings begin, growing upwards. */
const MMAP_BASE = virtual(0x7f00_0000_0000);
const EINVAL = 22;

/** What a fresh mapping's entries hold: present, user, writable where the program asks. */
export const PROTECTION = { READ: 1, WRITE: 2, USER: PTE.PRESENT | PTE.USER | PTE.ACCESSED } as const;

export class UserSpace {
  readonly #machine: Machine;
  readonly #pages: Pages;
  #next: VirtualAddress = MMAP_BASE;

  constructor(machine: Machine, pages: Pages) {
    this.#machine = machine;
    this.#pages = pages;
  }

  /** Room for `bytes`, with a page behind it that stays empty. */
  reserve(bytes: number): VirtualAddress {
    const start = this.#next;
    this.#next = offset(start, Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE + PAGE_SIZE);
    return start;
  }

  /** 0, or -EINVAL where page borders are not met (remap_pfn_range). */
  map(at: number, to: number, { size, prot }: { readonly size: number; readonly prot: number }): number {
    if (at % PAGE_SIZE || to % PAGE_SIZE || size <= 0) return -EINVAL;
    for (let done = 0; done < size; done += PAGE_SIZE)
      this.#machine.pageTable.map(virtual(at + done), physical(to + done), {
        flags: prot,
        takePage: this.#pages.take,
      });
    this.#machine.cpu.flush();
    return 0;
  }

  unmap(at: VirtualAddress, bytes: number): void {
    for (let done = 0; done < bytes; done += PAGE_SIZE) this.#pages.unmap(offset(at, done));
    this.#machine.cpu.flush();
  }
}
