/** Memory, byte by byte (include/linux/string.h). For device memory: `memcpy_toio()` of `linux/io`. */
import type { KernelMem } from "linux/types";

/** Copies `n` bytes; returns `to`. */
export function memcpy(to: KernelMem, from: KernelMem, n: number): KernelMem;
export function memmove(to: KernelMem, from: KernelMem, n: number): KernelMem;
/** Fills `n` bytes with `value`. */
export function memset(mem: KernelMem, value: number, n: number): KernelMem;
/** 0 where all bytes are alike; otherwise the difference of the first that are not. */
export function memcmp(a: KernelMem, b: KernelMem, n: number): number;
