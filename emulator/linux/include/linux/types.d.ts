/** Linux's basic types (include/linux/types.h). Integers up to 32 bits are numbers, 64-bit ones bigint. */

export type u8 = number;
export type u16 = number;
/** Unsigned: accessors never return a negative number. */
export type u32 = number;
export type u64 = bigint;
/** A CPU physical address or an I/O port: what `/proc/iomem` and `/proc/ioports` show. */
export type resource_size_t = number;
/** An address on the bus, as a device uses it. */
export type dma_addr_t = bigint;

/**
 * `void __iomem *`: device memory mapped by `ioremap()` or `pci_iomap()`. It is not dereferenced, indexed or added to:
 * accessors such as `ioread32(io, offset)` take it, and `plus()` moves it.
 */
export interface IoMem {
  readonly __iomem: never;
  /** The same mapping, `bytes` further on. */
  plus(bytes: number): IoMem;
}

/** A range of addresses (include/linux/ioport.h); prints with `%pR`. */
export interface Resource {
  readonly start: resource_size_t;
  /** Inclusive. */
  readonly end: resource_size_t;
  readonly name: string;
  readonly flags: number;
}
