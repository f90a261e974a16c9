/**
 * A pointer to the kernel's own memory: what `kmalloc`, `vmalloc`, `dma_alloc_coherent` and `memremap` return. It goes
 * through the page tables like any access, so it can be watched and traced; values are little-endian, as the CPU's.
 */
import type { KernelMem } from "linux/types";
import { fromHalves, highHalf, lowHalf, type VirtualAddress } from "../../core/address";
import type { Cpu } from "../../mmu/cpu";

/** Who wants to know of a driver's own accesses of RAM, before they take effect. */
export type Touched = (at: VirtualAddress, bytes: number, write: boolean) => void;

export interface MemoryAccess {
  readonly cpu: Cpu;
  /** Set while a mapping is in a device's hands. */
  touched: Touched | undefined;
}

export class KernelMemory implements KernelMem {
  declare readonly __kernel: never;
  readonly address: VirtualAddress;
  readonly #access: MemoryAccess;

  constructor(access: MemoryAccess, address: VirtualAddress) {
    this.#access = access;
    this.address = address;
  }

  plus(bytes: number): KernelMemory {
    return new KernelMemory(this.#access, moved(this.address, bytes));
  }

  getUint8(off = 0): number {
    const at = this.#at(off, 1, false);
    return this.#access.cpu.read8(highHalf(at), lowHalf(at));
  }

  getUint16(off = 0): number {
    const at = this.#at(off, 2, false);
    return this.#access.cpu.read16(highHalf(at), lowHalf(at));
  }

  getUint32(off = 0): number {
    const at = this.#at(off, 4, false);
    return this.#access.cpu.read32(highHalf(at), lowHalf(at)) >>> 0;
  }

  getBigUint64(off = 0): bigint {
    const at = this.#at(off, 8, false);
    return this.#access.cpu.read64(highHalf(at), lowHalf(at));
  }

  setUint8(off: number, value: number): void {
    const at = this.#at(off, 1, true);
    this.#access.cpu.write8(highHalf(at), lowHalf(at), value);
  }

  setUint16(off: number, value: number): void {
    const at = this.#at(off, 2, true);
    this.#access.cpu.write16(highHalf(at), lowHalf(at), value);
  }

  setUint32(off: number, value: number): void {
    const at = this.#at(off, 4, true);
    this.#access.cpu.write32(highHalf(at), lowHalf(at), value | 0);
  }

  setBigUint64(off: number, value: bigint): void {
    const at = this.#at(off, 8, true);
    this.#access.cpu.write64(highHalf(at), lowHalf(at), BigInt.asUintN(64, value));
  }

  read(off: number, n: number): Uint8Array {
    const bytes = new Uint8Array(n);
    for (const at of bytes.keys()) bytes[at] = this.getUint8(off + at);
    return bytes;
  }

  write(off: number, bytes: Uint8Array): void {
    for (const [at, byte] of bytes.entries()) this.setUint8(off + at, byte);
  }

  #at(off: number, bytes: number, write: boolean): VirtualAddress {
    const at = moved(this.address, off);
    this.#access.touched?.(at, bytes, write);
    return at;
  }
}

function moved(address: VirtualAddress, bytes: number): VirtualAddress {
  return fromHalves(highHalf(address), (lowHalf(address) >>> 0) + bytes);
}

/** The address of a pointer to kernel memory; a sentence for anything else. */
export function kernelMemory(pointer: KernelMem): KernelMemory {
  if (pointer instanceof KernelMemory) return pointer;
  const given = pointer === null || pointer === undefined ? "NULL" : `a ${typeof pointer}`;
  throw new TypeError(
    `This takes what kmalloc(), vmalloc(), dma_alloc_coherent() or memremap() returned, not ${given}`,
  );
}
