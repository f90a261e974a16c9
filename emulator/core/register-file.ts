/**
 * A register map at work: its storage in the arena, and for each 32-bit word the bits that a write may change.
 * An access is a word and its byte enables, as on the bus; a write touches only the lanes it covers.
 */
import type { Arena } from "./arena";
import { type Access, fieldMask, type Register, type RegisterMap } from "./register-map";

/** One mask a word for each access kind. */
type Masks = Readonly<Record<Access, Int32Array>>;

export class RegisterFile {
  readonly map: RegisterMap;
  /** Bytes of storage, a multiple of 4. */
  readonly size: number;
  /** Byte offset in the arena. */
  readonly base: number;
  readonly #i32: Int32Array;
  readonly #masks: Masks;
  readonly #rc: Int32Array;
  readonly #resets: Int32Array;
  readonly #defined: Int32Array;

  constructor(arena: Arena, map: RegisterMap, { size, fill = 0 }: { size?: number; fill?: number } = {}) {
    const registers = Object.values(map);
    const end = Math.max(4, ...registers.map(({ at, width }) => at + width / 8));
    this.size = Math.ceil((size ?? end) / 4) * 4;
    this.map = map;
    this.#i32 = arena.i32;
    this.base = arena.reserve(this.size, Math.min(4096, this.size));
    const words = this.size / 4;
    const mask = () => new Int32Array(words);
    this.#masks = { ro: mask(), rw: mask(), wo: mask(), rc: mask(), w1c: mask(), w1s: mask() };
    this.#rc = this.#masks.rc;
    this.#resets = new Int32Array(words).fill(fill);
    this.#defined = mask();
    for (const register of registers) this.#compile(register);
  }

  reset(): void {
    this.#i32.set(this.#resets, this.base >>> 2);
  }

  /** A stored word, signed. */
  word(at: number): number {
    return this.#i32[(this.base + at) >>> 2] ?? 0;
  }

  setWord(at: number, value: number): void {
    this.#i32[(this.base + at) >>> 2] = value;
  }

  /** `width` bytes (1, 2 or 4) at `at` as stored, unsigned; inside one word. */
  peek(at: number, width: number): number {
    return (this.word(at) >>> ((at & 3) * 8)) & laneMask(width) & 0xffffffff;
  }

  /** The register's stored value, unsigned, all its bits. */
  get(name: string): bigint {
    const { at, width } = this.#register(name);
    const low = BigInt((this.word(at) >>> ((at & 3) * 8)) >>> 0);
    const wide = width === 64 ? low | (BigInt(this.word(at + 4) >>> 0) << 32n) : low;
    return BigInt.asUintN(width, wide);
  }

  /** The register's stored value as a number: for registers of at most 32 bits. */
  value(name: string): number {
    return Number(this.get(name));
  }

  /** Stores without any rule: the device's own side. */
  set(name: string, value: number | bigint): void {
    const { at, width } = this.#register(name);
    const bits = BigInt.asUintN(width, BigInt(value));
    const shift = (at & 3) * 8;
    const lanes = width >= 32 ? -1 : laneMask(width / 8) << shift;
    this.setWord(at, (this.word(at) & ~lanes) | ((Number(bits & 0xffffffffn) << shift) & lanes));
    if (width === 64) this.setWord(at + 4, Number(bits >> 32n) | 0);
  }

  /** A write of the bus: `value` and `lanes` in their place within the word at `at`, a multiple of 4. */
  write(at: number, { value, lanes }: { value: number; lanes: number }): void {
    const word = at >>> 2;
    const stored = this.word(at);
    const { rw, w1c, w1s } = this.#masks;
    const replaced = (rw[word] ?? 0) & lanes;
    const cleared = (w1c[word] ?? 0) & lanes & value;
    const set = (w1s[word] ?? 0) & lanes & value;
    this.setWord(at, (((stored & ~replaced) | (value & replaced)) & ~cleared) | set);
  }

  /** A whole word as the bus reads it: signed; what a read clears is clear afterwards. */
  readAndClear(at: number): number {
    const word = (this.base + at) >>> 2;
    const value = this.#i32[word] as number;
    const cleared = this.#rc[at >>> 2] as number;
    if (cleared !== 0) this.#i32[word] = value & ~cleared;
    return value;
  }

  /** What a read of the bus clears in the lanes it covers. */
  clearOnRead(at: number, lanes: number): void {
    this.setWord(at, this.word(at) & ~((this.#masks.rc[at >>> 2] ?? 0) & lanes));
  }

  /** The word can be read from storage, and nothing happens. */
  readsPlainly(at: number): boolean {
    return this.#masks.rc[at >>> 2] === 0;
  }

  /** The word can be written to storage as it is. */
  writesPlainly(at: number): boolean {
    return this.#masks.rw[at >>> 2] === -1;
  }

  /** The bits of the word at `at` that some register defines. */
  defined(at: number): number {
    return this.#defined[at >>> 2] ?? 0;
  }

  /** The bits of the word at `at` that a write changes in any way. */
  writable(at: number): number {
    const { rw, w1c, w1s } = this.#masks;
    const word = at >>> 2;
    return (rw[word] ?? 0) | (w1c[word] ?? 0) | (w1s[word] ?? 0);
  }

  /** Makes the bits of `lanes` plain memory where no register is: QEMU's configuration space does that. */
  openUndefined(at: number): void {
    const { rw } = this.#masks;
    rw[at >>> 2] = (rw[at >>> 2] ?? 0) | ~this.defined(at);
  }

  #register(name: string): Register {
    const register = this.map[name];
    if (!register) throw new RangeError(`There is no register ${name}`);
    return register;
  }

  #compile({ at, width, access, fields, reset = 0 }: Register): void {
    const whole = (1n << BigInt(width)) - 1n;
    this.#add(this.#defined, at, whole);
    this.#put(at, width, BigInt(reset >>> 0));
    if (!fields) this.#add(this.#masks[access], at, whole);
    for (const field of Object.values(fields ?? {})) {
      this.#add(this.#masks[field.access ?? access], at, fieldMask(field));
    }
  }

  #add(masks: Int32Array, at: number, bits: bigint): void {
    const placed = bits << BigInt((at & 3) * 8);
    masks[at >>> 2] = (masks[at >>> 2] ?? 0) | Number(BigInt.asIntN(32, placed));
    if (placed >> 32n)
      masks[(at >>> 2) + 1] = (masks[(at >>> 2) + 1] ?? 0) | Number(BigInt.asIntN(32, placed >> 32n));
  }

  #put(at: number, width: number, value: bigint): void {
    const whole = ((1n << BigInt(width)) - 1n) << BigInt((at & 3) * 8);
    const placed = value << BigInt((at & 3) * 8);
    for (const half of width === 64 ? [0, 1] : [0]) {
      const word = (at >>> 2) + half;
      const lanes = Number(BigInt.asIntN(32, whole >> BigInt(32 * half)));
      const bits = Number(BigInt.asIntN(32, placed >> BigInt(32 * half)));
      this.#resets[word] = ((this.#resets[word] ?? 0) & ~lanes) | bits;
    }
  }
}

/** The low `bytes` bytes of a word. */
export function laneMask(bytes: number): number {
  return bytes === 4 ? -1 : (1 << (bytes * 8)) - 1;
}
