/**
 * DMA without translation (kernel/dma/direct.c): the device uses physical addresses. What its mask does not reach goes
 * through swiotlb, where Linux has a pool: on machines with RAM above 4 GiB.
 */
import { PAGE_SIZE, physical } from "../../core/address";
import { digits } from "../../core/hex";
import type { KernelBase } from "../kernel-base";
import { GFP, limitOf } from "../memory/gfp";
import type { Pages } from "../pages";
import type { Direction } from "./direction";
import type { DmaDevice, DmaOps, Mapped, PhysicalRange } from "./mapping";
import type { Swiotlb } from "./swiotlb";

const MASK_24 = 2n ** 24n - 1n;
const MASK_32 = 2n ** 32n - 1n;

export class DirectDma implements DmaOps {
  readonly swiotlb: Swiotlb | undefined;
  readonly #kernel: KernelBase;
  readonly #pages: Pages;

  constructor(kernel: KernelBase, pages: Pages, swiotlb: Swiotlb | undefined) {
    this.#kernel = kernel;
    this.#pages = pages;
    this.swiotlb = swiotlb;
  }

  map(dev: DmaDevice, { physical: at, bytes }: PhysicalRange, _direction: Direction): Mapped | undefined {
    if (reaches(dev.dmaMask, at, bytes)) return { handle: BigInt(at) };
    if (this.swiotlb) return this.#bounce(dev, bytes, this.swiotlb);
    this.#warn(dev, `DMA addr 0x${digits(at, 16)}+${bytes} overflow (${limits(dev)}).`);
    return undefined;
  }

  unmap(_dev: DmaDevice, { handle, bytes }: { handle: bigint; bytes: number }): void {
    const at = physical(Number(handle));
    if (this.swiotlb?.holds(at)) this.swiotlb.give(at, bytes);
  }

  /** Zone by zone down to the one that the coherent mask reaches (__dma_direct_alloc_pages). */
  allocate(dev: DmaDevice, bytes: number, gfp: number): (PhysicalRange & { handle: bigint }) | undefined {
    const mask = dev.coherentMask;
    const first = mask <= MASK_24 ? GFP.DMA : mask <= MASK_32 ? GFP.DMA32 : 0;
    for (const zone of [...new Set([first | (gfp & 5), GFP.DMA32, GFP.DMA])]) {
      const at = this.#pages.allocate(bytes, limitOf(zone));
      if (at === undefined) continue;
      const whole = Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE;
      if (reaches(mask, at, whole)) {
        this.#pages.clear(at, whole);
        return { physical: at, bytes, handle: BigInt(at) };
      }
      this.#pages.release(at, bytes);
    }
    return undefined;
  }

  free(_dev: DmaDevice, { physical: at, bytes }: PhysicalRange): void {
    this.#pages.release(at, bytes);
  }

  #bounce(dev: DmaDevice, bytes: number, pool: Swiotlb): Mapped | undefined {
    const slot = pool.take(bytes);
    if (slot === undefined) {
      this.#kernel.kernelLog.warn(
        `${dev.driver} ${dev.pci.name}: swiotlb buffer is full (sz: ${bytes} bytes), total ${pool.slots} (slots), used ${pool.used} (slots)`,
      );
      return undefined;
    }
    if (reaches(dev.dmaMask, slot, bytes)) return { handle: BigInt(slot), bounce: slot };
    pool.give(slot, bytes);
    this.#warn(dev, `swiotlb addr 0x${digits(slot, 16)}+${bytes} overflow (${limits(dev)}).`);
    return undefined;
  }

  #warn({ driver, pci }: DmaDevice, text: string): void {
    this.#kernel.kernelLog.warn(`${driver} ${pci.name}: ${text}`);
  }
}

function reaches(mask: bigint, at: number, bytes: number): boolean {
  return BigInt(at) + BigInt(bytes) - 1n <= mask;
}

function limits({ dmaMask }: DmaDevice): string {
  return `mask ${digits(dmaMask)}, bus limit 0`;
}
