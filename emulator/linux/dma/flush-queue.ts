/**
 * Lazy flushing (drivers/iommu/dma-iommu.c, fq_ring): unmapped addresses wait until 256 of them have come together or
 * 10 ms have passed, and are flushed all at once. Until then the device can still reach what was unmapped.
 */
import type { KernelBase } from "../kernel-base";

const SIZE = 256;
const TIMEOUT_NS = 10_000_000;

export class FlushQueue {
  readonly #kernel: KernelBase;
  readonly #flush: () => void;
  readonly #done: (() => void)[] = [];

  constructor(kernel: KernelBase, flush: () => void) {
    this.#kernel = kernel;
    this.#flush = flush;
  }

  get waiting(): number {
    return this.#done.length;
  }

  /** `done` runs once nothing of it is cached any more. */
  add(done: () => void): void {
    if (this.#done.length === SIZE - 1) this.#empty();
    if (this.#done.length === 0) this.#kernel.services.work.after(TIMEOUT_NS, () => this.#empty());
    this.#done.push(done);
  }

  #empty(): void {
    if (this.#done.length === 0) return;
    this.#flush();
    for (const done of this.#done.splice(0)) done();
  }
}
