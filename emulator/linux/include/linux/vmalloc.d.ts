/** Memory that is contiguous only by its page-table entries (include/linux/vmalloc.h). A device cannot be given it. */
import type { KernelMem } from "linux/types";

/** `size` bytes; null where no memory is left. */
export function vmalloc(size: number): KernelMem | null;
/** The same, zeroed. */
export function vzalloc(size: number): KernelMem | null;
/** Gives it back; null is fine. */
export function vfree(mem: KernelMem | null): void;
