/** Byte order (include/linux/byteorder). The CPU is little-endian: `le` conversions change nothing, `be` ones swap. */
import type { u16, u32, u64 } from "linux/types";

export function cpu_to_le16(value: u16): u16;
export function cpu_to_le32(value: u32): u32;
export function cpu_to_le64(value: u64): u64;
export function le16_to_cpu(value: u16): u16;
export function le32_to_cpu(value: u32): u32;
export function le64_to_cpu(value: u64): u64;
export function cpu_to_be16(value: u16): u16;
export function cpu_to_be32(value: u32): u32;
export function cpu_to_be64(value: u64): u64;
export function be16_to_cpu(value: u16): u16;
export function be32_to_cpu(value: u32): u32;
export function be64_to_cpu(value: u64): u64;
export function swab16(value: u16): u16;
export function swab32(value: u32): u32;
export function swab64(value: u64): u64;
