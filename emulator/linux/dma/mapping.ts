/** What a device may reach of RAM, and by which address: one entry for each mapping (kernel/dma/debug.c keeps the same). */
import type { PhysicalAddress, VirtualAddress } from "../../core/address";
import type { PciDev } from "../pci-dev";
import type { Direction } from "./direction";

/** A device in the hands of a driver, as far as DMA is concerned. */
export interface DmaDevice {
  readonly pci: PciDev;
  readonly driver: string;
  /** The machine's own name for it. */
  readonly functionName: string;
  /** Which addresses it reaches. */
  dmaMask: bigint;
  coherentMask: bigint;
}

/** How a streaming buffer is mapped, or unmapped. */
export interface Streaming {
  readonly bytes: number;
  readonly direction: Direction;
  readonly as: MappedAs;
}

export type MappedAs = "single" | "page" | "scatter-gather" | "coherent";

export interface DmaMapping {
  readonly dev: DmaDevice;
  /** What the device uses. */
  readonly handle: bigint;
  readonly virtual: VirtualAddress;
  readonly physical: PhysicalAddress;
  readonly bytes: number;
  readonly direction: Direction;
  readonly as: MappedAs;
  /** Where swiotlb put the copy. */
  readonly bounce?: PhysicalAddress | undefined;
  /** Entries of the list it is part of, and how many of them. */
  readonly entries?: number;
  /** All of a list's addresses, on its first entry. */
  readonly run?: { readonly handle: bigint; readonly bytes: number } | undefined;
  /** dma_mapping_error() was called. */
  checked: boolean;
  /** In whose hands a streaming buffer is. */
  owner: "device" | "cpu";
}

/** A way from a device to RAM: directly, or through its domain. */
export interface DmaOps {
  /** The address for the device and, where there is one, the copy; undefined where there is no way. */
  map(dev: DmaDevice, range: PhysicalRange, direction: Direction): Mapped | undefined;
  unmap(
    dev: DmaDevice,
    mapping: { readonly handle: bigint; readonly bytes: number },
    direction: Direction,
  ): void;
  /** Pages for both, zeroed; undefined where there are none. */
  allocate(
    dev: DmaDevice,
    bytes: number,
    gfp: number,
  ): (PhysicalRange & { readonly handle: bigint }) | undefined;
  free(dev: DmaDevice, block: PhysicalRange & { readonly handle: bigint }): void;
  /** Several ranges under one run of addresses, where the way can do that. */
  mapList?(
    dev: DmaDevice,
    ranges: readonly PhysicalRange[],
    direction: Direction,
  ): readonly Piece[] | undefined;
}

/** What the device sees of a list, one after the other. */
export type Piece = Mapped & { readonly bytes: number };

export interface PhysicalRange {
  readonly physical: PhysicalAddress;
  readonly bytes: number;
}

export interface Mapped {
  readonly handle: bigint;
  readonly bounce?: PhysicalAddress | undefined;
}
