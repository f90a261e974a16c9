/**
 * Bounce buffers (kernel/dma/swiotlb.c): where a device does not reach a buffer, it works on a copy in a pool below
 * 4 GiB. The pool has slots of 2 KiB; one mapping takes at most 128 of them, 256 KiB.
 */
import { PAGE_SIZE, type PhysicalAddress, physical } from "../../core/address";

const SLOT = 2048;
/** IO_TLB_SEGSIZE: slots of one mapping. */
const MOST_SLOTS = 128;
/** IO_TLB_DEFAULT_SIZE */
export const SWIOTLB_BYTES = 64 << 20;

export class Swiotlb {
  readonly start: PhysicalAddress;
  readonly slots = SWIOTLB_BYTES / SLOT;
  /** One byte a slot: in use. */
  readonly #used = new Uint8Array(this.slots);
  #from = 0;

  constructor(start: PhysicalAddress) {
    this.start = start;
  }

  get used(): number {
    return this.#used.reduce((sum, slot) => sum + slot, 0);
  }

  holds(at: PhysicalAddress): boolean {
    return at >= this.start && at < this.start + SWIOTLB_BYTES;
  }

  /** Room for a copy: whole slots of one segment, at a page where it is as large as one. Undefined: the pool is full. */
  take(bytes: number): PhysicalAddress | undefined {
    const wanted = Math.ceil(bytes / SLOT);
    const stride = bytes >= PAGE_SIZE ? PAGE_SIZE / SLOT : 1;
    for (let tried = 0; wanted <= MOST_SLOTS && tried < this.slots; tried += stride) {
      const first = (Math.ceil(this.#from / stride) * stride + tried) % this.slots;
      if (!this.#fits(first, wanted)) continue;
      this.#used.fill(1, first, first + wanted);
      this.#from = (first + wanted) % this.slots;
      return physical(this.start + first * SLOT);
    }
    return undefined;
  }

  give(at: PhysicalAddress, bytes: number): void {
    const first = (at - this.start) / SLOT;
    this.#used.fill(0, first, first + Math.ceil(bytes / SLOT));
  }

  #fits(first: number, wanted: number): boolean {
    const segment = Math.floor(first / MOST_SLOTS);
    if (Math.floor((first + wanted - 1) / MOST_SLOTS) !== segment) return false;
    return !this.#used.subarray(first, first + wanted).includes(1);
  }
}
