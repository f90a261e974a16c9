/** Access to device memory (include/asm-generic/io.h, arch/x86/include/asm/io.h). */
import type { IoMem, KernelMem, resource_size_t, u8, u16, u32, u64 } from "linux/types";

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

/** Reads 16 bits, big-endian. */
export function ioread16be(io: IoMem, off?: number): u16;
/** Reads 32 bits, big-endian; unsigned. */
export function ioread32be(io: IoMem, off?: number): u32;
/** Reads 64 bits, big-endian. */
export function ioread64be(io: IoMem, off?: number): u64;
/** Writes 16 bits, big-endian; posted. */
export function iowrite16be(value: u16, io: IoMem, off?: number): void;
/** Writes 32 bits, big-endian; posted. */
export function iowrite32be(value: u32, io: IoMem, off?: number): void;
/** Writes 64 bits, big-endian; posted. */
export function iowrite64be(value: u64, io: IoMem, off?: number): void;

/** Like `readb`, without an order against accesses of RAM. */
export function readb_relaxed(io: IoMem, off?: number): u8;
export function readw_relaxed(io: IoMem, off?: number): u16;
export function readl_relaxed(io: IoMem, off?: number): u32;
export function readq_relaxed(io: IoMem, off?: number): u64;
/** Like `writeb`, without an order against accesses of RAM: a descriptor may still be on its way. */
export function writeb_relaxed(value: u8, io: IoMem, off?: number): void;
export function writew_relaxed(value: u16, io: IoMem, off?: number): void;
export function writel_relaxed(value: u32, io: IoMem, off?: number): void;
export function writeq_relaxed(value: u64, io: IoMem, off?: number): void;

/** Reads one register `count` times, as a FIFO is emptied. */
export function ioread8_rep(io: IoMem, to: KernelMem, count: number): void;
export function ioread16_rep(io: IoMem, to: KernelMem, count: number): void;
export function ioread32_rep(io: IoMem, to: KernelMem, count: number): void;
/** Writes one register `count` times, as a FIFO is filled. */
export function iowrite8_rep(io: IoMem, from: KernelMem, count: number): void;
export function iowrite16_rep(io: IoMem, from: KernelMem, count: number): void;
export function iowrite32_rep(io: IoMem, from: KernelMem, count: number): void;

/** Copies from device memory, in 32-bit reads and the rest in bytes. */
export function memcpy_fromio(to: KernelMem, from: IoMem, n: number): void;
/** Copies to device memory. */
export function memcpy_toio(to: IoMem, from: KernelMem, n: number): void;
export function memset_io(io: IoMem, value: number, n: number): void;

/**
 * Maps `size` bytes of device memory, uncached (UC-). Null for RAM and for nothing. The result is for accessors only:
 * `ioread32(io, OFFSET)`.
 */
export function ioremap(phys_addr: resource_size_t, size: number): IoMem | null;
/** Strongly uncached: no range register can make it write combining. */
export function ioremap_uc(phys_addr: resource_size_t, size: number): IoMem | null;
/** Write combining: writes are collected and sent together, reads may be speculative. For frame buffers, not registers. */
export function ioremap_wc(phys_addr: resource_size_t, size: number): IoMem | null;
/** Write through: reads may come from the cache. */
export function ioremap_wt(phys_addr: resource_size_t, size: number): IoMem | null;
/** Write back, if the range registers say so too; otherwise UC-. */
export function ioremap_cache(phys_addr: resource_size_t, size: number): IoMem | null;
/** Ends a mapping. Using it afterwards is a page fault. */
export function iounmap(io: IoMem): void;

/** Cached. RAM comes from the direct map. */
export const MEMREMAP_WB: 1;
export const MEMREMAP_WT: 2;
export const MEMREMAP_WC: 4;
/**
 * Maps memory that has no side effects, and returns a plain pointer, which may be dereferenced. Of the flags the first
 * that is possible is taken: WB, WT, WC. Device memory is never mapped write-back unless its range registers say so.
 */
export function memremap(offset: resource_size_t, size: number, flags: number): KernelMem | null;
export function memunmap(addr: KernelMem): void;

/** Barriers. Accesses take effect in order here, so they do nothing; on hardware a driver needs them. */
export function wmb(): void;
export function rmb(): void;
export function mb(): void;
export function dma_wmb(): void;
export function dma_rmb(): void;

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
