/**
 * What may answer an access that is not plain memory. `peek` is not a read: it is the debugger's look, it has no side
 * effect, and views have no other door.
 */

/** How a request ended (PCIe Base Specification, Completion Status): success, unsupported request, completer abort. */
export type Completion = "SC" | "UR" | "CA" | "timeout";

/** What the CPU sees where nothing answers. */
export const ALL_ONES = 0xffffffff;
export const ALL_ONES_64 = 0xffff_ffff_ffff_ffffn;

/** Values are unsigned; `at` counts bytes from the start of the thing itself and need not be aligned. */
export abstract class Io {
  abstract readonly name: string;
  abstract peek(at: number, width: 1 | 2 | 4): number;
  abstract read(at: number, width: 1 | 2 | 4): number;
  abstract write(at: number, access: { readonly width: 1 | 2 | 4; readonly value: number }): void;

  /** Called as it refuses an access by its width or alignment, if somebody wants to know. */
  onRefused:
    | ((access: { readonly at: number; readonly bytes: number; readonly write: boolean }) => void)
    | undefined;

  /** Byte offset in the arena of the words that answer from there, and how many bytes of them; none by default. */
  readonly storage: { readonly base: number; readonly size: number } | undefined = undefined;

  /** An aligned 32-bit read; signed or unsigned. */
  readWord(at: number): number {
    return this.read(at, 4);
  }

  read64(at: number): bigint {
    const low = BigInt(this.read(at, 4));
    return low | (BigInt(this.read(at + 4, 4)) << 32n);
  }

  write64(at: number, value: bigint): void {
    this.write(at, { width: 4, value: Number(value & 0xffffffffn) });
    this.write(at + 4, { width: 4, value: Number(value >> 32n) });
  }
}

export type Width = 1 | 2 | 4;

/** The first eight bytes, little-endian. */
export function low64(bytes: Uint8Array): bigint {
  return bytes.subarray(0, 8).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
