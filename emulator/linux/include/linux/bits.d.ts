/** Bits (include/linux/bits.h, bitfield.h); unsigned 32-bit results. */
import type { u32, u64 } from "linux/types";

export function BIT(nr: number): u32;
/** Bits `h` down to `l`. */
export function GENMASK(h: number, l: number): u32;
/** The field of `value` that `mask` covers, shifted down. */
export function FIELD_GET(mask: u32, value: u32): u32;
/** `value` shifted up to where `mask` is. */
export function FIELD_PREP(mask: u32, value: u32): u32;
/** The same with 64 bits. */
export function BIT_ULL(nr: number): u64;
export function GENMASK_ULL(h: number, l: number): u64;
export const BITS_PER_BYTE: 8;
