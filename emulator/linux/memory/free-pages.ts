/**
 * Free RAM in stretches of pages (mm/page_alloc.c): the highest that fits is taken, as Linux prefers its highest zone, so
 * that a buffer on a machine with more than 4 GiB of RAM really lies above the reach of a 32-bit device.
 * Not modelled: merging of freed neighbours, reclaim, fragmentation by others.
 */
import { PAGE_SIZE, type PhysicalAddress, physical } from "../../core/address";

export interface Stretch {
  readonly start: number;
  /** The first address behind it. */
  readonly end: number;
}

export class FreePages {
  readonly #stretches: { readonly start: number; end: number }[];
  /** Given back, by size. */
  readonly #returned = new Map<number, PhysicalAddress[]>();

  constructor(stretches: readonly Stretch[]) {
    this.#stretches = stretches
      .map(({ start, end }) => ({
        start: Math.ceil(start / PAGE_SIZE) * PAGE_SIZE,
        end: Math.floor(end / PAGE_SIZE) * PAGE_SIZE,
      }))
      .filter(({ start, end }) => end > start)
      .sort((a, b) => b.start - a.start);
  }

  /** A power of two of pages, aligned to its size, all below `limit`; undefined where none is left. */
  allocate(bytes: number, limit: number): PhysicalAddress | undefined {
    const size = blockOf(bytes);
    return this.#reuse(size, limit) ?? this.#cut(size, limit);
  }

  release(at: PhysicalAddress, bytes: number): void {
    const size = blockOf(bytes);
    this.#returned.set(size, [...(this.#returned.get(size) ?? []), at]);
  }

  #reuse(size: number, limit: number): PhysicalAddress | undefined {
    const returned = this.#returned.get(size) ?? [];
    const index = returned.findLastIndex((at) => at + size <= limit);
    return index < 0 ? undefined : returned.splice(index, 1)[0];
  }

  #cut(size: number, limit: number): PhysicalAddress | undefined {
    for (const stretch of this.#stretches) {
      const at = Math.floor((Math.min(stretch.end, limit) - size) / size) * size;
      if (at < stretch.start) continue;
      this.#split(stretch, at, at + size);
      return physical(at);
    }
    return undefined;
  }

  /** Takes `[start, end)` out of a stretch; what is left above it stays free. */
  #split(stretch: { readonly start: number; end: number }, start: number, end: number): void {
    if (end < stretch.end)
      this.#stretches.splice(this.#stretches.indexOf(stretch), 0, { start: end, end: stretch.end });
    stretch.end = start;
  }
}

function blockOf(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(PAGE_SIZE, bytes)));
}
