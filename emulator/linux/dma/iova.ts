/**
 * Addresses for a domain, from the top down (drivers/iommu/iova.c): the highest free range below the limit, aligned to
 * the power of two that holds it. What was given back is handed out again first, the last first.
 */
export interface Range {
  readonly start: bigint;
  /** Inclusive. */
  readonly end: bigint;
}

const PAGE = 4096n;
/** Ranges of at most this many pages are kept for the next one who asks (IOVA_RANGE_CACHE_MAX_SIZE). */
const LARGEST_KEPT = 32;

export class IovaSpace {
  /** In use, the highest first. */
  readonly #taken: Range[];
  readonly #kept = new Map<number, bigint[]>();

  constructor(reserved: readonly Range[]) {
    // Page 0 is never an address.
    this.#taken = [...reserved, { start: 0n, end: PAGE - 1n }].sort(highestFirst);
  }

  /** Undefined where no room is left below `limit`, which is inclusive. */
  allocate(bytes: number, limit: bigint): bigint | undefined {
    const pages = pagesOf(bytes);
    const kept = this.#kept.get(pages) ?? [];
    const index = kept.findLastIndex((start) => start + BigInt(pages) * PAGE - 1n <= limit);
    if (index >= 0) return kept.splice(index, 1)[0];
    return this.#place(BigInt(pages) * PAGE, limit);
  }

  free(start: bigint, bytes: number): void {
    const pages = pagesOf(bytes);
    if (pages <= LARGEST_KEPT) this.#kept.set(pages, [...(this.#kept.get(pages) ?? []), start]);
    else
      this.#taken.splice(
        this.#taken.findIndex((it) => it.start === start),
        1,
      );
  }

  #place(size: bigint, limit: bigint): bigint | undefined {
    let top = limit + 1n;
    for (const { start, end } of [...this.#taken, { start: -1n, end: -1n }]) {
      if (start >= top) continue;
      const at = ((top - size) / size) * size;
      if (top >= size && at > end) return this.#take({ start: at, end: at + size - 1n });
      top = start;
    }
    return undefined;
  }

  #take(range: Range): bigint {
    this.#taken.push(range);
    this.#taken.sort(highestFirst);
    return range.start;
  }
}

/** A power of two: what fits everywhere it is aligned to. */
function pagesOf(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, Math.ceil(bytes / 4096))));
}

function highestFirst(a: Range, b: Range): number {
  return a.start > b.start ? -1 : 1;
}
