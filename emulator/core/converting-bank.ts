/**
 * A register bank whose bus converts widths the way QEMU's memory core does for a model that implements one width only:
 * a narrower access reads the low bytes of the register that holds its address, or writes that register whole; a wider
 * or unaligned one is split. Hardware refuses instead, so a device uses it for comparison with QEMU alone.
 */
import type { Arena } from "./arena";
import type { Width } from "./io";
import { type BankOptions, RegisterBank } from "./register-bank";
import type { RegisterMap } from "./register-map";

interface Conversion {
  /** The one width that the model implements. */
  readonly width: 2 | 4;
  /** Where it does. */
  readonly covers: (at: number) => boolean;
  /** Whether to convert; asked where it makes a difference. */
  readonly take: () => boolean;
}

export class ConvertingBank extends RegisterBank {
  readonly #conversion: Conversion;

  constructor(arena: Arena, options: BankOptions<RegisterMap>, conversion: Conversion) {
    super(arena, { ...options, splitsEight: true });
    this.#conversion = conversion;
  }

  override read(at: number, width: Width): number {
    if (!this.#converts(at, width)) return super.read(at, width);
    const piece = this.#pieceOf(at, width);
    if (piece < width) {
      let value = 0;
      for (let byte = width - piece; byte >= 0; byte -= piece)
        value = value * 256 ** piece + this.read(at + byte, piece);
      return value;
    }
    return (super.read(this.#register(at), this.#conversion.width) & (2 ** (width * 8) - 1)) >>> 0;
  }

  override write(at: number, access: { readonly width: Width; readonly value: number }): void {
    const { width, value } = access;
    if (!this.#converts(at, width)) {
      super.write(at, access);
      return;
    }
    const piece = this.#pieceOf(at, width);
    if (piece === width) super.write(this.#register(at), { width: this.#conversion.width, value });
    else
      for (let byte = 0; byte < width; byte += piece)
        this.write(at + byte, { width: piece, value: Math.floor(value / 256 ** byte) % 256 ** piece });
  }

  #converts(at: number, width: Width): boolean {
    const { width: own, covers, take } = this.#conversion;
    return covers(at) && (width !== own || at % own !== 0) && take();
  }

  /** The longest aligned piece that the model takes at once. */
  #pieceOf(at: number, width: Width): Width {
    const most = Math.min(width, this.#conversion.width);
    return at % most === 0 ? (most as Width) : ((most / 2) as Width);
  }

  #register(at: number): number {
    return at - (at % this.#conversion.width);
  }
}
