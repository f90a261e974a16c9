/**
 * A DMA address space: second-level tables in RAM, and the addresses that are in use (drivers/iommu/intel/iommu.c,
 * drivers/iommu/dma-iommu.c). All devices of an IOMMU group share one.
 */
import { PAGE_SIZE, type PhysicalAddress, physical } from "../../core/address";
import { SL } from "../../iommu/remapping-tables";
import type { Machine } from "../../machine/machine";
import type { Pages } from "../pages";
import { IovaSpace, type Range } from "./iova";

const LEVELS = 3;
const TWO_32 = 2 ** 32;
const LARGE_PAGE = 2 ** 21;

export class DmaDomain {
  readonly id: number;
  readonly root: PhysicalAddress;
  readonly iova: IovaSpace;
  readonly #machine: Machine;
  readonly #pages: Pages;

  constructor(id: number, { machine, pages, reserved }: DomainParts) {
    this.id = id;
    this.#machine = machine;
    this.#pages = pages;
    this.root = pages.take();
    this.iova = new IovaSpace(reserved);
  }

  /** Whole pages; entries of 2 MiB where both sides are aligned. `rights`: bits of `SL`. */
  map(iova: bigint, to: PhysicalAddress, { bytes, rights }: { bytes: number; rights: number }): void {
    for (let done = 0; done < bytes; ) {
      const [from, at] = [iova + BigInt(done), physical(to + done)];
      const large =
        from % BigInt(LARGE_PAGE) === 0n && at % LARGE_PAGE === 0 && bytes - done >= LARGE_PAGE ? 2 : 1;
      this.#store(this.#entry(from, large), at, large === 2 ? rights | SL.LARGE : rights);
      done += large === 2 ? LARGE_PAGE : PAGE_SIZE;
    }
  }

  /** Clears the entries; what the unit has cached lives on until it is flushed. */
  unmap(iova: bigint, bytes: number): void {
    for (let done = 0; done < bytes; ) {
      const at = this.#entry(iova + BigInt(done), 2);
      const large = ((this.#machine.physical.readWord(at) ?? 0) & SL.LARGE) !== 0;
      this.#store(large ? at : this.#entry(iova + BigInt(done), 1), physical(0), 0);
      done += large ? LARGE_PAGE : PAGE_SIZE;
    }
  }

  /** Where the entry of `level` for an address is; tables on the way are made. */
  #entry(iova: bigint, leaf: number): PhysicalAddress {
    let table = this.root;
    for (let level = LEVELS; ; level--) {
      const at = physical(table + Number((iova >> BigInt(12 + 9 * (level - 1))) & 511n) * 8);
      if (level === leaf) return at;
      table = this.#tableAt(at);
    }
  }

  #tableAt(at: PhysicalAddress): PhysicalAddress {
    const { physical: memory } = this.#machine;
    const low = memory.readWord(at) ?? 0;
    const high = memory.readWord(physical(at + 4)) ?? 0;
    if (low & SL.READ) return physical(high * TWO_32 + ((low & ~0xfff) >>> 0));
    const page = this.#pages.take();
    this.#store(at, page, SL.READ | SL.WRITE);
    return page;
  }

  #store(at: PhysicalAddress, to: PhysicalAddress, bits: number): void {
    this.#machine.physical.writeWord(at, (to % TWO_32) | bits);
    this.#machine.physical.writeWord(physical(at + 4), Math.floor(to / TWO_32));
  }
}

interface DomainParts {
  readonly machine: Machine;
  readonly pages: Pages;
  /** Bus addresses that no IOVA may have: the windows of the host bridge, the message interrupts. */
  readonly reserved: readonly Range[];
}
