/** Linux's basic types (include/linux/types.h). Integers up to 32 bits are numbers, 64-bit ones bigint. */

export type u8 = number;
export type u16 = number;
/** Unsigned: accessors never return a negative number. */
export type u32 = number;
export type u64 = bigint;
/** A CPU physical address or an I/O port: what `/proc/iomem` and `/proc/ioports` show. */
export type resource_size_t = number;
/** A CPU physical address. */
export type phys_addr_t = number;
/** An address on the bus, as a device uses it. */
export type dma_addr_t = bigint;
/** What an allocation may do: `GFP_KERNEL` sleeps, `GFP_ATOMIC` does not. */
export type gfp_t = number;

/**
 * `void __iomem *`: device memory mapped by `ioremap()` or `pci_iomap()`. It is not dereferenced, indexed or added to:
 * accessors such as `ioread32(io, offset)` take it, and `plus()` moves it. (No symbol at run time: being one keeps
 * `io + 4`, `io[1]` and `io < end` from compiling.)
 */
export type IoMem = symbol & {
  readonly __iomem: never;
  /** The same mapping, `bytes` further on. */
  plus(bytes: number): IoMem;
};

/**
 * `void *`: the kernel's own memory, as `kmalloc()`, `vmalloc()`, `dma_alloc_coherent()` and `memremap()` return it. It
 * may be read and written at will; values are little-endian, as the CPU's. It is no `__iomem` pointer, and no array.
 */
export interface KernelMem {
  readonly __kernel: never;
  /** The same memory, `bytes` further on. */
  plus(bytes: number): KernelMem;
  getUint8(off?: number): u8;
  getUint16(off?: number): u16;
  getUint32(off?: number): u32;
  getBigUint64(off?: number): u64;
  setUint8(off: number, value: u8): void;
  setUint16(off: number, value: u16): void;
  setUint32(off: number, value: u32): void;
  setBigUint64(off: number, value: u64): void;
  /** A copy of `n` bytes from `off` on. */
  read(off: number, n: number): Uint8Array;
  /** Copies bytes to `off`. */
  write(off: number, bytes: Uint8Array): void;
}

/** A range of addresses (include/linux/ioport.h); prints with `%pR`. */
export interface Resource {
  readonly start: resource_size_t;
  /** Inclusive. */
  readonly end: resource_size_t;
  readonly name: string;
  readonly flags: number;
}

/** How a field lies in memory. With `le32` and its kin, byte order cannot be forgotten. */
export interface FieldType<T extends number | bigint> {
  readonly __field: T;
}
/** One byte. */
export const u8: FieldType<number>;
/** Little-endian: `__le16`, `__le32`, `__le64`. */
export const le16: FieldType<number>;
export const le32: FieldType<number>;
export const le64: FieldType<bigint>;
/** Big-endian: `__be16`, `__be32`, `__be64`. */
export const be16: FieldType<number>;
export const be32: FieldType<number>;
export const be64: FieldType<bigint>;

type Fields = Readonly<Record<string, FieldType<number> | FieldType<bigint>>>;
/** A structure in memory: each field reads and writes its bytes. */
export type StructView<F extends Fields> = { -readonly [N in keyof F]: F[N]["__field"] };

export interface StructType<F extends Fields> {
  /** Bytes, without gaps: a packed structure. */
  readonly size: number;
  /** Bytes from the start. */
  offsetof(field: keyof F): number;
  /** The structure at `mem`. */
  at(mem: KernelMem): StructView<F>;
  /** `length` of them, one after the other. */
  array(mem: KernelMem, length: number): { readonly length: number; at(index: number): StructView<F> };
}

/**
 * What C declares with `struct`: `const Desc = struct("desc", { addr: le64, len: le32, flags: le32 })`, then
 * `Desc.array(ring.cpu_addr, 64).at(i).len = 5`.
 */
export function struct<const F extends Fields>(name: string, fields: F): StructType<F>;
