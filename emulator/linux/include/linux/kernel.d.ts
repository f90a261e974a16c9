/** Small things (include/linux/kernel.h, math.h, minmax.h). */
import type { u32, u64 } from "linux/types";

/** Bits 31 to 0. */
export function lower_32_bits(n: u64): u32;
/** Bits 63 to 32. */
export function upper_32_bits(n: u64): u32;
/** `x` up to a multiple of `a`, a power of two. */
export function ALIGN(x: number, a: number): number;
export function ALIGN_DOWN(x: number, a: number): number;
export function IS_ALIGNED(x: number, a: number): boolean;
export function DIV_ROUND_UP(n: number, d: number): number;
export function roundup(x: number, y: number): number;
export function min(a: number, b: number): number;
export function max(a: number, b: number): number;
export function clamp(value: number, low: number, high: number): number;
/** Logs a backtrace's first lines and goes on; whether the condition holds. */
export function WARN_ON(condition: boolean): boolean;
/** The same, with a text. */
export function WARN(condition: boolean, format: string, ...values: readonly unknown[]): boolean;
