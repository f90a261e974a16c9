/**
 * The kernel's virtual address range for mappings (mm/vmalloc.c, arch/x86/mm/ioremap.c): areas with a guard page
 * between them, page-table entries of the memory type that was asked for, large ones where both sides are aligned.
 * Deviation from Linux: an unmapped range is flushed at once; there, a stale translation may live on for a while.
 */
import {
  offset,
  PAGE_SIZE,
  type PhysicalAddress,
  pageOf,
  physical,
  type VirtualAddress,
  virtual,
} from "../core/address";
import { hex } from "../core/hex";
import type { Machine } from "../machine/machine";
import type { MappingView } from "../machine/views";
import { cacheBits, LINUX_NAME, type MemoryType } from "../mmu/memory-type";
import { type Level, pageSizeAt } from "../mmu/page-table";
import type { KernelLog } from "./log";
import { MemoryTypes } from "./memory/memtype";
import type { Pages } from "./pages";
import { formatResource, IORESOURCE, Resource } from "./resource";

const VMALLOC_START = virtual(-0x3700_0000_0000);
const VMALLOC_END = virtual(-0x1700_0000_0001);
/** Unmapped areas that are remembered, so that a fault can say what was there. */
const REMEMBERED = 256;

/** One page-table entry of an area. */
interface Leaf {
  readonly at: VirtualAddress;
  readonly level: Level;
}

export interface Area {
  readonly start: VirtualAddress;
  readonly bytes: number;
  /** Of vmalloc, the first page. */
  readonly physical: PhysicalAddress;
  readonly owner: string;
  readonly type: MemoryType;
  readonly by: Mapper;
  readonly leaves: readonly Leaf[];
  readonly pages?: readonly PhysicalAddress[];
}

/** The function that made an area. */
export type Mapper =
  | "ioremap"
  | "ioremap_wc"
  | "ioremap_wt"
  | "ioremap_cache"
  | "memremap"
  | "pci_iomap"
  | "pci_iomap_wc"
  | "vmalloc";

export interface MapRequest {
  readonly bytes: number;
  readonly owner: string;
  readonly type?: MemoryType;
  readonly by?: Mapper;
}

export interface VmallocParts {
  readonly machine: Machine;
  readonly pages: Pages;
  readonly iomem: Resource;
  readonly log: KernelLog;
}

export class Vmalloc {
  readonly #parts: VmallocParts;
  readonly #types: MemoryTypes;
  /** In the order of their addresses. */
  readonly #areas: Area[] = [];
  /** The last ones that were unmapped, with the time. */
  readonly #gone: { readonly area: Area; readonly time: number }[] = [];

  constructor(parts: VmallocParts) {
    this.#parts = parts;
    this.#types = new MemoryTypes(parts.machine.mtrr, parts.log);
  }

  /** Maps device memory; the address keeps its offset in the page. Null as Linux refuses. */
  ioremap(at: PhysicalAddress, request: MapRequest): VirtualAddress | null {
    const { bytes, owner, type: wanted = "UC-", by = "ioremap" } = request;
    if (bytes <= 0) return null;
    if (this.ramIn(at, bytes) !== "none") {
      const end = offset(at, bytes - 1);
      this.#parts.log.warn(`ioremap on RAM at 0x${padded(at)} - 0x${padded(end)}`);
      return null;
    }
    this.#checkSanity(at, bytes);
    const first = pageOf(at);
    const length = Math.ceil((at - first + bytes) / PAGE_SIZE) * PAGE_SIZE;
    const type = this.#types.reserve(first, first + length, wanted);
    if (type === undefined) return null;
    const start = this.#findRoom(length);
    const leaves = this.#mapRange(start, first, { length, type });
    this.#add({ start, bytes: length, physical: first, owner, type, by, leaves });
    return offset(start, at - first);
  }

  /** False if nothing is mapped there. */
  iounmap(at: VirtualAddress): boolean {
    return this.#remove(at) !== undefined;
  }

  /** Maps pages of RAM one after the other: vmalloc. */
  mapPages(pages: readonly PhysicalAddress[], owner: string): VirtualAddress {
    const start = this.#findRoom(pages.length * PAGE_SIZE, PAGE_SIZE);
    const leaves = pages.map((page, index): Leaf => {
      const at = offset(start, index * PAGE_SIZE);
      this.#parts.pages.map(at, page, { flags: 0 });
      return { at, level: 1 };
    });
    const bytes = pages.length * PAGE_SIZE;
    const first = pages[0] ?? physical(0);
    this.#add({ start, bytes, physical: first, owner, type: "WB", by: "vmalloc", leaves, pages });
    return start;
  }

  /** The pages that were mapped there. */
  unmapPages(at: VirtualAddress): readonly PhysicalAddress[] {
    return this.#remove(at)?.pages ?? [];
  }

  /** The area that holds an address now. */
  areaAt(at: VirtualAddress): Area | undefined {
    return this.#areas.find(({ start, bytes }) => at >= start && at < start + bytes);
  }

  /** What an address was part of until it was unmapped, and when that was. */
  goneAt(at: VirtualAddress): { readonly area: Area; readonly time: number } | undefined {
    return this.#gone.findLast(({ area: { start, bytes } }) => at >= start && at < start + bytes);
  }

  /** How much of a physical range is System RAM (region_intersects). */
  ramIn(at: PhysicalAddress, bytes: number): "none" | "some" | "all" {
    const range = { start: at, end: at + bytes - 1 };
    const ram = this.#parts.iomem.children.filter((it) => it.name === "System RAM" && it.overlaps(range));
    if (ram.length === 0) return "none";
    return ram.some((it) => it.contains(range)) ? "all" : "some";
  }

  get areas(): readonly Area[] {
    return this.#areas;
  }

  get mappings(): readonly MappingView[] {
    return this.#areas.map(({ start, bytes, physical: at, owner, type }) => ({
      virtual: hex(start),
      physical: hex(at),
      bytes,
      memoryType: LINUX_NAME[type],
      owner,
    }));
  }

  /** Entries of 1 GiB and 2 MiB where address and place are aligned and enough is left (vmap_range_noflush). */
  #mapRange(
    start: VirtualAddress,
    first: PhysicalAddress,
    { length, type }: { readonly length: number; readonly type: MemoryType },
  ): Leaf[] {
    const leaves: Leaf[] = [];
    for (let done = 0; done < length; ) {
      const [at, to] = [offset(start, done), offset(first, done)];
      const fits = (level: Level) =>
        at % pageSizeAt(level) === 0 && to % pageSizeAt(level) === 0 && length - done >= pageSizeAt(level);
      const level: Level = fits(3) ? 3 : fits(2) ? 2 : 1;
      this.#parts.pages.map(at, to, { flags: cacheBits(type, level), level });
      leaves.push({ at, level });
      done += pageSizeAt(level);
    }
    return leaves;
  }

  #add(area: Area): void {
    this.#areas.push(area);
    this.#areas.sort((a, b) => a.start - b.start);
  }

  #remove(at: VirtualAddress): Area | undefined {
    const index = this.#areas.findIndex(({ start }) => start === pageOf(at));
    const [area] = index < 0 ? [] : this.#areas.splice(index, 1);
    if (!area) {
      this.#parts.log.warn(`Trying to vfree() nonexistent vm area (${padded(at)})`);
      return undefined;
    }
    for (const leaf of area.leaves) this.#parts.pages.unmap(leaf.at, leaf.level);
    if (area.by !== "vmalloc") this.#types.free(area.physical, area.physical + area.bytes);
    this.#gone.push({ area, time: this.#parts.machine.clock.now });
    if (this.#gone.length > REMEMBERED) this.#gone.shift();
    this.#parts.machine.cpu.flush();
    return area;
  }

  /** First fit, with a guard page behind each area; a mapping is aligned to the power of two that holds it. */
  #findRoom(bytes: number, align = alignmentOf(bytes)): VirtualAddress {
    let start: VirtualAddress = VMALLOC_START;
    for (const area of this.#areas) {
      if (start + bytes + PAGE_SIZE <= area.start) break;
      const behind = offset(area.start, area.bytes + PAGE_SIZE);
      start = virtual(Math.max(start, Math.ceil(behind / align) * align));
    }
    if (start + bytes > VMALLOC_END) throw new RangeError("The vmalloc range is full");
    return start;
  }

  /** A range that is more than one resource is probably a mistake (kernel/resource.c, iomem_map_sanity_check). */
  #checkSanity(at: PhysicalAddress, bytes: number): void {
    const [first, last] = [Math.floor(at / PAGE_SIZE), Math.floor((at + bytes - 1) / PAGE_SIZE)];
    for (const { resource } of this.#parts.iomem.walk()) {
      const { start, end, name } = resource;
      if (start >= at + bytes || end < at || resource.has(IORESOURCE.BUSY)) continue;
      if (Math.floor(start / PAGE_SIZE) <= first && Math.floor(end / PAGE_SIZE) >= last) continue;
      const asked = formatResource(
        new Resource("", { start: at, end: at + bytes - 1, flags: IORESOURCE.MEM }),
      );
      this.#parts.log.warn(
        `resource sanity check: requesting ${asked}, which spans more than ${name} ${formatResource(resource)}`,
      );
      this.#parts.log.warn("caller insmod mapping multiple BARs");
      return;
    }
  }
}

function alignmentOf(bytes: number): number {
  return Math.max(PAGE_SIZE, Math.min(2 ** 30, 2 ** Math.ceil(Math.log2(bytes))));
}

function padded(address: number): string {
  return BigInt.asUintN(64, BigInt(address)).toString(16).padStart(16, "0");
}
