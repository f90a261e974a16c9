/** What Intel's network cards of the 8254x family have in common: their registers by I/O ports, and their address. */
import type { Arena } from "../../core/arena";
import { Io, type Width } from "../../core/io";
import type { RegisterBank } from "../../core/register-bank";

/** 52:54:00:12:34:56 */
export const DEFAULT_MAC = 0x5254_0012_3456;

/** I/O-mapped access (8254x manual, 13.3; 82574L datasheet, 10.2.1): IOADDR holds the offset of the register that IODATA reads and writes. */
export class AddressDataPorts extends Io {
  readonly name = "IOADDR and IODATA";
  readonly size: number;
  readonly #word: number;
  readonly #i32: Int32Array;
  readonly #registers: RegisterBank;

  constructor(
    arena: Arena,
    { registers, size }: { readonly registers: RegisterBank; readonly size: number },
  ) {
    super();
    this.#word = arena.reserve(8) >>> 2;
    this.size = size;
    this.#i32 = arena.i32;
    this.#registers = registers;
  }

  reset(): void {
    this.#i32[this.#word] = 0;
  }

  peek(at: number, width: Width): number {
    return this.#answer(at, width, (offset) => this.#registers.peek(offset, 4));
  }

  read(at: number, width: Width): number {
    return this.#answer(at, width, (offset) => this.#registers.read(offset, 4));
  }

  write(at: number, { width, value }: { readonly width: Width; readonly value: number }): void {
    if (width !== 4) return;
    if (at === 0) this.#i32[this.#word] = value;
    else if (at === 4) this.#registers.write(this.#address, { width, value });
  }

  #answer(at: number, width: Width, data: (offset: number) => number): number {
    if (width !== 4) return 0;
    return at === 0 ? this.#address >>> 0 : at === 4 ? data(this.#address) : 0;
  }

  get #address(): number {
    return this.#i32[this.#word] ?? 0;
  }
}

/** The card's address has its first byte lowest. */
export function swap(word: number): number {
  return (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}
