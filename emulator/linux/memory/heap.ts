/**
 * The kernel's heap (mm/slab_common.c, mm/vmalloc.c): `kmalloc` hands out pieces of the direct map, physically
 * contiguous; `vmalloc` hands out pages that are contiguous only by their page-table entries.
 */
import { offset, PAGE_SIZE, type PhysicalAddress, type VirtualAddress } from "../../core/address";
import { hex } from "../../core/hex";
import { PAGE_OFFSET, type Pages } from "../pages";
import type { Vmalloc } from "../vmalloc";
import { GFP, limitOf } from "./gfp";

/** The sizes of the kmalloc caches (mm/slab_common.c, kmalloc_info); larger ones are pages. */
const CACHES = [8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192] as const;

interface Piece {
  readonly at: PhysicalAddress;
  /** What was asked for. */
  readonly bytes: number;
  /** What it takes. */
  readonly size: number;
}

export class Heap {
  readonly #pages: Pages;
  readonly #vmalloc: Vmalloc;
  readonly #pieces = new Map<VirtualAddress, Piece>();
  /** Free pieces, by size and zone. */
  readonly #free = new Map<string, PhysicalAddress[]>();
  /** Addresses that were given back, until they are handed out again. */
  readonly #dead = new Set<VirtualAddress>();

  constructor(pages: Pages, vmalloc: Vmalloc) {
    this.#pages = pages;
    this.#vmalloc = vmalloc;
  }

  /** Null where no memory is left. */
  kmalloc(bytes: number, flags: number): VirtualAddress | null {
    const size = CACHES.find((it) => it >= bytes);
    const at = size ? this.#piece(size, flags) : this.#pages.allocate(bytes, limitOf(flags));
    if (at === undefined) return null;
    const virtual = offset(PAGE_OFFSET, at);
    this.#pieces.set(virtual, { at, bytes, size: size ?? 0 });
    this.#dead.delete(virtual);
    if (flags & GFP.ZERO) this.#pages.clear(at, bytes);
    return virtual;
  }

  /** Why it cannot be freed, in a sentence; undefined where all is well. */
  kfree(virtual: VirtualAddress): string | undefined {
    const piece = this.#pieces.get(virtual);
    if (!piece) {
      return this.#dead.has(virtual)
        ? `kfree() of ${hex(virtual)}: it was freed already`
        : `kfree() of ${hex(virtual)}: kmalloc() never returned this address`;
    }
    this.#pieces.delete(virtual);
    this.#dead.add(virtual);
    if (piece.size) this.#freeOf(piece.size, piece.at).push(piece.at);
    else this.#pages.release(piece.at, piece.bytes);
    return undefined;
  }

  /** kfree() took it back, and nobody has it anew. */
  isFreed(virtual: VirtualAddress): boolean {
    return this.#dead.has(virtual);
  }

  /** What is still allocated: address and bytes. */
  get live(): ReadonlyMap<VirtualAddress, { readonly bytes: number }> {
    return this.#pieces;
  }

  /** Null where no memory is left. */
  vmalloc(bytes: number, owner: string): VirtualAddress | null {
    if (bytes <= 0) return null;
    const pages: PhysicalAddress[] = [];
    for (let done = 0; done < bytes; done += PAGE_SIZE) {
      const page = this.#pages.allocate(PAGE_SIZE, Number.POSITIVE_INFINITY);
      if (page === undefined) return null;
      this.#pages.clear(page, PAGE_SIZE);
      pages.push(page);
    }
    return this.#vmalloc.mapPages(pages, owner);
  }

  vfree(virtual: VirtualAddress): void {
    for (const page of this.#vmalloc.unmapPages(virtual)) this.#pages.release(page, PAGE_SIZE);
  }

  #piece(size: number, flags: number): PhysicalAddress | undefined {
    const limit = limitOf(flags);
    const free = this.#free.get(`${size}:${limit}`) ?? [];
    this.#free.set(`${size}:${limit}`, free);
    if (free.length === 0) this.#fill(free, size, limit);
    return free.pop();
  }

  /** Cuts a page, or two, into pieces; the lowest is handed out first. */
  #fill(free: PhysicalAddress[], size: number, limit: number): void {
    const slab = Math.max(PAGE_SIZE, size);
    const at = this.#pages.allocate(slab, limit);
    if (at === undefined) return;
    for (let piece = Math.floor(slab / size) - 1; piece >= 0; piece--) free.push(offset(at, piece * size));
  }

  #freeOf(size: number, at: PhysicalAddress): PhysicalAddress[] {
    const limit = at < 2 ** 24 ? limitOf(GFP.DMA) : Number.POSITIVE_INFINITY;
    const key = `${size}:${limit}`;
    const free = this.#free.get(key) ?? [];
    this.#free.set(key, free);
    return free;
  }
}
