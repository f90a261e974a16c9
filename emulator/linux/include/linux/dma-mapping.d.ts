/**
 * DMA: memory that a device reads and writes by itself (include/linux/dma-mapping.h). What the device is given is a
 * handle, never a pointer and never a physical address: an IOMMU may translate it, a bounce buffer may stand in for it.
 */
import type { Device } from "linux/device";
import type { Scatterlist } from "linux/scatterlist";
import type { dma_addr_t, gfp_t, KernelMem, u64 } from "linux/types";

/** Data goes both ways. */
export const DMA_BIDIRECTIONAL: 0;
/** The device reads what the CPU wrote. */
export const DMA_TO_DEVICE: 1;
/** The CPU reads what the device wrote. */
export const DMA_FROM_DEVICE: 2;
/** No data: for debugging. */
export const DMA_NONE: 3;
export type dma_data_direction = 0 | 1 | 2 | 3;

/** What a mapping that failed returns; ask `dma_mapping_error()`. */
export const DMA_MAPPING_ERROR: dma_addr_t;

/** `DMA_BIT_MASK(32)`: the addresses that `n` address bits reach. */
export function DMA_BIT_MASK(n: number): u64;

/** Says how many address bits the device drives, for streaming mappings. 0, or -EIO if that is too few. 32 by default. */
export function dma_set_mask(dev: Device, mask: u64): number;
/** The same for coherent memory. */
export function dma_set_coherent_mask(dev: Device, mask: u64): number;
/** Both: call it in probe, before the first buffer. 0, or -EIO. */
export function dma_set_mask_and_coherent(dev: Device, mask: u64): number;
/** The mask in force for streaming mappings. */
export function dma_get_mask(dev: Device): u64;

/** Coherent memory: the CPU's pointer, the device's handle. */
export interface CoherentBuffer {
  /** For the CPU. */
  readonly cpu_addr: KernelMem;
  /** For the device. */
  readonly dma_handle: dma_addr_t;
  /** Bytes. */
  readonly size: number;
}

/**
 * Memory that CPU and device see alike at any time: for descriptor rings. Zeroed. Null where none is left that the
 * coherent mask reaches. (C returns the handle through a pointer.)
 */
export function dma_alloc_coherent(dev: Device, size: number, gfp: gfp_t): CoherentBuffer | null;
/** Gives it back; all four arguments are those of the allocation. Stop the device first. */
export function dma_free_coherent(
  dev: Device,
  size: number,
  cpu_addr: KernelMem,
  dma_handle: dma_addr_t,
): void;
/** Like `dma_alloc_coherent`, given back by itself when the driver leaves. */
export function dmam_alloc_coherent(dev: Device, size: number, gfp: gfp_t): CoherentBuffer | null;

/**
 * Lends a buffer of `kmalloc()` to the device until `dma_unmap_single()`. While it is lent, the CPU keeps off it, or
 * asks for it with `dma_sync_single_for_cpu()`. Check the result with `dma_mapping_error()`.
 */
export function dma_map_single(
  dev: Device,
  cpu_addr: KernelMem,
  size: number,
  dir: dma_data_direction,
): dma_addr_t;
/** Takes it back. Size and direction are those of the mapping. */
export function dma_unmap_single(
  dev: Device,
  dma_addr: dma_addr_t,
  size: number,
  dir: dma_data_direction,
): void;
/** The same for part of a page. */
export function dma_map_page(
  dev: Device,
  page: KernelMem,
  offset: number,
  size: number,
  dir: dma_data_direction,
): dma_addr_t;
/** Takes a mapping of `dma_map_page()` back. */
export function dma_unmap_page(
  dev: Device,
  dma_addr: dma_addr_t,
  size: number,
  dir: dma_data_direction,
): void;
/** True if the mapping failed: the handle must not be used then. */
export function dma_mapping_error(dev: Device, dma_addr: dma_addr_t): boolean;

/** Before the CPU looks at a buffer that stays mapped. */
export function dma_sync_single_for_cpu(
  dev: Device,
  dma_addr: dma_addr_t,
  size: number,
  dir: dma_data_direction,
): void;
/** Before the device gets it again. */
export function dma_sync_single_for_device(
  dev: Device,
  dma_addr: dma_addr_t,
  size: number,
  dir: dma_data_direction,
): void;

/**
 * Lends a list of buffers: how many entries the device sees, which may be fewer, or 0 if it failed. Their addresses are
 * `sg_dma_address()` and `sg_dma_len()` of as many entries.
 */
export function dma_map_sg(dev: Device, sgl: Scatterlist[], dir: dma_data_direction): number;
/** Takes the list back: the whole one, however many entries the device saw. */
export function dma_unmap_sg(dev: Device, sgl: readonly Scatterlist[], dir: dma_data_direction): void;
/** Before the CPU looks at the buffers of a list that stays mapped. */
export function dma_sync_sg_for_cpu(dev: Device, sgl: readonly Scatterlist[], dir: dma_data_direction): void;
/** Before the device gets them again. */
export function dma_sync_sg_for_device(
  dev: Device,
  sgl: readonly Scatterlist[],
  dir: dma_data_direction,
): void;
