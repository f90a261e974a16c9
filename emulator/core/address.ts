/**
 * Address kinds as types: giving one where another is meant does not compile.
 *
 * Physical (52 bits) and canonical 48-bit virtual addresses fit a JavaScript number exactly; a virtual address of the
 * upper half is a negative number. Bus addresses need all 64 bits (a closed prefetch window, a BAR while it is being
 * sized, garbage in a descriptor), so they are bigint, and bus + physical does not even add.
 */
declare const space: unique symbol;
type In<S extends string, N> = N & { readonly [space]: S };

/** As a program sees it, before translation. Canonical, signed. */
export type VirtualAddress = In<"virtual", number>;
/** On the CPU side of the host bridge. */
export type PhysicalAddress = In<"physical", number>;
/** On the PCIe side: what a BAR holds and a TLP carries. Unsigned 64 bits. */
export type BusAddress = In<"bus", bigint>;

export const PAGE_SIZE = 4096;
const TWO_32 = 0x1_0000_0000;
const PHYSICAL_END = 2 ** 52;
const HIGHEST_CANONICAL = 2 ** 47;

export function physical(value: number): PhysicalAddress {
  if (Number.isInteger(value) && value >= 0 && value < PHYSICAL_END) return value as PhysicalAddress;
  throw new RangeError(`Not a physical address of 52 bits: ${value}`);
}

export function virtual(value: number): VirtualAddress {
  if (Number.isInteger(value) && value >= -HIGHEST_CANONICAL && value < HIGHEST_CANONICAL) {
    return value as VirtualAddress;
  }
  throw new RangeError(`Not a canonical virtual address: ${value}`);
}

export function bus(value: bigint): BusAddress {
  if (value === BigInt.asUintN(64, value)) return value as BusAddress;
  throw new RangeError(`Not a 64-bit bus address: ${value}`);
}

/** `address` moved by `bytes`, in the same space. */
export function offset<A extends PhysicalAddress | VirtualAddress>(address: A, bytes: number): A {
  return (address + bytes) as A;
}

/** The first byte of the page that holds `address`. */
export function pageOf<A extends PhysicalAddress | VirtualAddress>(address: A): A {
  return (Math.floor(address / PAGE_SIZE) * PAGE_SIZE) as A;
}

/** Upper half of a virtual address as the TLB compares it: a signed 32-bit number. */
export function highHalf(address: VirtualAddress): number {
  return Math.floor(address / TWO_32) | 0;
}

/** Lower half of a virtual address: a signed 32-bit number. */
export function lowHalf(address: VirtualAddress): number {
  return address | 0;
}

export function fromHalves(high: number, low: number): VirtualAddress {
  return virtual(high * TWO_32 + (low >>> 0));
}

/** `ffffc90000000008`, as the kernel prints a pointer. */
export function formatVirtual(address: VirtualAddress): string {
  return BigInt.asUintN(64, BigInt(address)).toString(16).padStart(16, "0");
}
