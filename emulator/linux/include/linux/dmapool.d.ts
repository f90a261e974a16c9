/** Small pieces of coherent memory, all of one size (include/linux/dmapool.h): for descriptors. */
import type { Device } from "linux/device";
import type { dma_addr_t, gfp_t, KernelMem } from "linux/types";

export interface DmaPool {
  readonly __dma_pool: never;
}

/** Pieces of `size` bytes, aligned to `align`; `boundary` is what none of them crosses, 0 for a page. */
export function dma_pool_create(
  name: string,
  dev: Device,
  size: number,
  align: number,
  boundary: number,
): DmaPool | null;
/** All pieces must have been given back. */
export function dma_pool_destroy(pool: DmaPool): void;
/** A piece; null where no memory is left. (C returns the handle through a pointer.) */
export function dma_pool_alloc(
  pool: DmaPool,
  gfp: gfp_t,
): { readonly vaddr: KernelMem; readonly dma: dma_addr_t } | null;
/** Gives a piece back. */
export function dma_pool_free(pool: DmaPool, vaddr: KernelMem, addr: dma_addr_t): void;
