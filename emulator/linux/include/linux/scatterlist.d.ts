/** Lists of buffers (include/linux/scatterlist.h). In C they are chained tables; here they are arrays. */
import type { dma_addr_t, KernelMem } from "linux/types";

/** One buffer of a list. */
export interface Scatterlist {
  readonly mem: KernelMem | null;
  /** Bytes. */
  readonly length: number;
  /** After `dma_map_sg()`. */
  readonly dma_address: dma_addr_t;
  readonly dma_length: number;
}

/** `nents` empty entries. */
export function sg_init_table(nents: number): Scatterlist[];
/** A list of one buffer: `[sg_init_one(mem, length)]`. */
export function sg_init_one(mem: KernelMem, length: number): Scatterlist;
/** Puts a buffer into an entry. */
export function sg_set_buf(sg: Scatterlist, mem: KernelMem, length: number): void;
/** The device's address of an entry. */
export function sg_dma_address(sg: Scatterlist): dma_addr_t;
/** Its bytes, as the device sees it. */
export function sg_dma_len(sg: Scatterlist): number;
