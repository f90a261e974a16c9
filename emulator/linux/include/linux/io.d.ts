/** Access to device memory (include/asm-generic/io.h, arch/x86/include/asm/io.h). */
import type { IoMem, resource_size_t, u8, u16, u32, u64 } from "linux/types";

export type { IoMem } from "linux/types";

/** Reads one byte, `off` bytes behind `io`. */
export function ioread8(io: IoMem, off?: number): u8;
/** Reads 16 bits, little-endian. */
export function ioread16(io: IoMem, off?: number): u16;
/** Reads 32 bits, little-endian; unsigned. */
export function ioread32(io: IoMem, off?: number): u32;
/** Reads 64 bits, little-endian. */
export function ioread64(io: IoMem, off?: number): u64;
/** Writes one byte. The write is posted: it may still be on its way when this returns. */
export function iowrite8(value: u8, io: IoMem, off?: number): void;
/** Writes 16 bits, little-endian; posted. */
export function iowrite16(value: u16, io: IoMem, off?: number): void;
/** Writes 32 bits, little-endian; posted. */
export function iowrite32(value: u32, io: IoMem, off?: number): void;
/** Writes 64 bits, little-endian; posted. */
export function iowrite64(value: u64, io: IoMem, off?: number): void;

/** Reads one byte of device memory. */
export function readb(io: IoMem, off?: number): u8;
/** Reads 16 bits of device memory. */
export function readw(io: IoMem, off?: number): u16;
/** Reads 32 bits of device memory; unsigned. */
export function readl(io: IoMem, off?: number): u32;
/** Reads 64 bits of device memory. */
export function readq(io: IoMem, off?: number): u64;
/** Writes one byte of device memory; posted. */
export function writeb(value: u8, io: IoMem, off?: number): void;
/** Writes 16 bits of device memory; posted. */
export function writew(value: u16, io: IoMem, off?: number): void;
/** Writes 32 bits of device memory; posted. */
export function writel(value: u32, io: IoMem, off?: number): void;
/** Writes 64 bits of device memory; posted. */
export function writeq(value: u64, io: IoMem, off?: number): void;

/** Maps `size` bytes of device memory, uncached. Null for RAM and for nothing. */
export function ioremap(phys_addr: resource_size_t, size: number): IoMem | null;
/** Ends a mapping of `ioremap()`. Using it afterwards is a page fault. */
export function iounmap(io: IoMem): void;

/** Reads one byte from an I/O port. */
export function inb(port: resource_size_t): u8;
/** Reads 16 bits from an I/O port. */
export function inw(port: resource_size_t): u16;
/** Reads 32 bits from an I/O port; unsigned. */
export function inl(port: resource_size_t): u32;
/** Writes one byte to an I/O port. Not posted: the write has arrived when this returns. */
export function outb(value: u8, port: resource_size_t): void;
/** Writes 16 bits to an I/O port. */
export function outw(value: u16, port: resource_size_t): void;
/** Writes 32 bits to an I/O port. */
export function outl(value: u32, port: resource_size_t): void;
