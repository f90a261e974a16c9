/**
 * The kernel's virtual address range for mappings (mm/vmalloc.c, arch/x86/mm/ioremap.c): areas with a guard page
 * between them, and page-table entries that make them uncached.
 * Deviation from Linux: an unmapped range is flushed at once; there, a stale translation may live on for a while.
 */
import {
  offset,
  PAGE_SIZE,
  type PhysicalAddress,
  pageOf,
  type VirtualAddress,
  virtual,
} from "../core/address";
import { hex } from "../core/hex";
import type { Machine } from "../machine/machine";
import type { MappingView } from "../machine/views";
import { PTE } from "../mmu/page-table";
import type { KernelLog } from "./log";
import type { Pages } from "./pages";
import type { Resource } from "./resource";

const VMALLOC_START = virtual(-0x3700_0000_0000);
const VMALLOC_END = virtual(-0x1700_0000_0001);

interface Area {
  readonly start: VirtualAddress;
  readonly bytes: number;
  readonly physical: PhysicalAddress;
  readonly owner: string;
}

export interface VmallocParts {
  readonly machine: Machine;
  readonly pages: Pages;
  readonly iomem: Resource;
  readonly log: KernelLog;
}

export class Vmalloc {
  readonly #parts: VmallocParts;
  /** In the order of their addresses. */
  readonly #areas: Area[] = [];

  constructor(parts: VmallocParts) {
    this.#parts = parts;
  }

  /** Maps device memory uncached; the address keeps its offset in the page. Null as Linux refuses. */
  ioremap(at: PhysicalAddress, bytes: number, owner: string): VirtualAddress | null {
    if (bytes <= 0) return null;
    if (this.#touchesRam(at, bytes)) {
      const end = offset(at, bytes - 1);
      this.#parts.log.warn(`ioremap on RAM at 0x${padded(at)} - 0x${padded(end)}`);
      return null;
    }
    const first = pageOf(at);
    const length = Math.ceil((at - first + bytes) / PAGE_SIZE) * PAGE_SIZE;
    const start = this.#findRoom(length);
    for (let page = 0; page < length; page += PAGE_SIZE) {
      this.#parts.pages.map(offset(start, page), offset(first, page), PTE.PCD);
    }
    this.#areas.push({ start, bytes: length, physical: first, owner });
    this.#areas.sort((a, b) => a.start - b.start);
    return offset(start, at - first);
  }

  /** False if nothing is mapped there. */
  iounmap(at: VirtualAddress): boolean {
    const index = this.#areas.findIndex(({ start }) => start === pageOf(at));
    const [area] = index < 0 ? [] : this.#areas.splice(index, 1);
    if (!area) {
      this.#parts.log.warn(`Trying to vfree() nonexistent vm area (${padded(at)})`);
      return false;
    }
    for (let page = 0; page < area.bytes; page += PAGE_SIZE)
      this.#parts.pages.unmap(offset(area.start, page));
    this.#parts.machine.cpu.flush();
    return true;
  }

  get mappings(): readonly MappingView[] {
    return this.#areas.map(({ start, bytes, physical, owner }) => ({
      virtual: hex(start),
      physical: hex(physical),
      bytes,
      memoryType: "uncached-minus",
      owner,
    }));
  }

  /** First fit, aligned to the power of two above the size, with a guard page behind each area. */
  #findRoom(bytes: number): VirtualAddress {
    const align = Math.max(PAGE_SIZE, Math.min(2 ** 30, 2 ** (Math.floor(Math.log2(bytes)) + 1)));
    let start: VirtualAddress = VMALLOC_START;
    for (const area of this.#areas) {
      if (start + bytes + PAGE_SIZE <= area.start) break;
      const behind = offset(area.start, area.bytes + PAGE_SIZE);
      start = virtual(Math.ceil(behind / align) * align);
    }
    if (start + bytes > VMALLOC_END) throw new RangeError("The vmalloc range is full");
    return start;
  }

  #touchesRam(at: PhysicalAddress, bytes: number): boolean {
    const range = { start: at, end: at + bytes - 1 };
    return this.#parts.iomem.children.some((it) => it.name === "System RAM" && it.overlaps(range));
  }
}

function padded(address: number): string {
  return BigInt.asUintN(64, BigInt(address)).toString(16).padStart(16, "0");
}
