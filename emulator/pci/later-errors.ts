/**
 * Errors after the first that a function records with their headers (PCIe Base Specification 6.2.4.2, Multiple Header
 * Recording): they wait in order until software clears the one that First Error Pointer shows.
 */
import type { Arena } from "../core/arena";

export type Header = readonly [number, number, number, number];

export interface LoggedError {
  /** In Uncorrectable Error Status. */
  readonly bit: number;
  readonly header: Header;
}

const CAPACITY = 8;
/** The bit, then the header. */
const WORDS = 5;

export class LaterErrors {
  readonly #i32: Int32Array;
  readonly #count: number;
  readonly #errors: number;

  constructor(arena: Arena) {
    this.#i32 = arena.i32;
    this.#count = arena.reserve(8) >>> 2;
    this.#errors = arena.reserve(CAPACITY * WORDS * 4) >>> 2;
  }

  /** False where there is no room. */
  add({ bit, header }: LoggedError): boolean {
    const count = this.#i32[this.#count] ?? 0;
    if (count === CAPACITY) return false;
    this.#i32.set([bit, ...header], this.#errors + count * WORDS);
    this.#i32[this.#count] = count + 1;
    return true;
  }

  take(): LoggedError | undefined {
    const count = this.#i32[this.#count] ?? 0;
    if (count === 0) return undefined;
    const [bit = 0, a = 0, b = 0, c = 0, d = 0] = this.#i32.slice(this.#errors, this.#errors + WORDS);
    this.#i32.copyWithin(this.#errors, this.#errors + WORDS, this.#errors + count * WORDS);
    this.#i32[this.#count] = count - 1;
    return { bit, header: [a >>> 0, b >>> 0, c >>> 0, d >>> 0] };
  }

  /** One bit for each kind that waits. */
  get kinds(): number {
    const count = this.#i32[this.#count] ?? 0;
    let bits = 0;
    for (let index = 0; index < count; index++) bits |= 1 << (this.#i32[this.#errors + index * WORDS] ?? 0);
    return bits;
  }

  clear(): void {
    this.#i32[this.#count] = 0;
  }
}
