/** The kernel's heap (include/linux/slab.h). Its memory is physically contiguous: a device can be given it. */
import type { gfp_t, KernelMem } from "linux/types";

/** May sleep: not in an interrupt handler, not while a spinlock is held. */
export const GFP_KERNEL: gfp_t;
/** Does not sleep; fails sooner. */
export const GFP_ATOMIC: gfp_t;
export const GFP_NOWAIT: gfp_t;
/** Below 16 MiB. */
export const GFP_DMA: gfp_t;
/** Below 4 GiB. */
export const GFP_DMA32: gfp_t;
/** Zeroed. */
export const __GFP_ZERO: gfp_t;

/** `size` bytes, not zeroed. Null where no memory is left. */
export function kmalloc(size: number, flags: gfp_t): KernelMem | null;
/** The same, zeroed. */
export function kzalloc(size: number, flags: gfp_t): KernelMem | null;
/** `n` elements of `size` bytes, zeroed. */
export function kcalloc(n: number, size: number, flags: gfp_t): KernelMem | null;
/** Gives memory of `kmalloc()` back; null is fine. */
export function kfree(mem: KernelMem | null): void;
