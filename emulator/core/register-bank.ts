/**
 * A register map on the bus, with the behaviour that a device adds to it, keyed by the same names. Words without
 * behaviour answer straight from the arena; `Arena.traps` says which do not.
 */
import type { Arena } from "./arena";
import { ALL_ONES, ALL_ONES_64, Io, type Width } from "./io";
import { laneMask, RegisterFile } from "./register-file";
import type { Register, RegisterMap } from "./register-map";

/** What a device adds to one register. Both take the place of the table's rule. */
export interface Behaviour {
  /** The value that the bus reads, the low 32 bits. */
  readonly read?: () => number;
  /** `low` and `high` as the bus wrote them; `high` is 0 unless eight bytes were written. */
  readonly write?: (low: number, high: number) => void;
}

export type Behaviours<M extends RegisterMap> = { readonly [N in keyof M]?: Behaviour };

export interface BankOptions<M extends RegisterMap> {
  readonly name: string;
  readonly map: M;
  /** Bytes that the bank answers for: the size of its BAR. */
  readonly size: number;
  readonly behaviours?: Behaviours<M>;
  /** What a read returns that the device refuses, by its width in bytes. All ones by default. */
  readonly refused?: (width: 1 | 2 | 4 | 8) => number;
  /** What bytes hold that no register defines: all ones by default, or zero. */
  readonly blank?: 0 | -1;
  /** An aligned access of eight bytes is two of four, in rising order (NVMe, MSI-X tables). */
  readonly splitsEight?: boolean;
}

export class RegisterBank extends Io {
  readonly name: string;
  readonly size: number;
  readonly registers: RegisterFile;
  override readonly storage: { readonly base: number; readonly size: number };
  /** For each byte, what is there. */
  readonly #cells: readonly (Cell | undefined)[];
  /** For each word that is one 32-bit register: what a read runs, null for the table's rule. */
  readonly #wordReads: readonly ((() => number) | null | undefined)[];
  readonly #refused: (width: 1 | 2 | 4 | 8) => number;
  readonly #blank: number;
  readonly #splitsEight: boolean;

  constructor(arena: Arena, options: BankOptions<RegisterMap>) {
    super();
    const { name, map, size, behaviours = {}, refused = () => ALL_ONES, blank = -1 } = options;
    this.name = name;
    this.size = size;
    this.#refused = refused;
    this.#blank = blank;
    this.#splitsEight = options.splitsEight ?? false;
    this.registers = new RegisterFile(arena, map, { size: storedBytes(map, size), fill: blank });
    this.storage = { base: this.registers.base, size: this.registers.size };
    const cells = Array.from<Cell | undefined>({ length: this.registers.size });
    for (const [register, declared] of Object.entries(map)) {
      cells.fill(
        { register: declared, behaviour: behaviours[register] ?? {} },
        declared.at,
        lastByte(declared) + 1,
      );
    }
    this.#cells = cells;
    this.#wordReads = Array.from({ length: cells.length / 4 }, (_, word) => {
      const cell = cells[word * 4];
      const whole = cell?.register.at === word * 4 && accepts(cell.register, { at: word * 4, width: 4 });
      return whole ? (cell.behaviour.read ?? null) : undefined;
    });
    this.#setTraps(arena);
  }

  reset(): void {
    this.registers.reset();
  }

  peek(at: number, width: Width): number {
    if (at + width > this.registers.size) return (this.#blank & laneMask(width)) >>> 0;
    return this.registers.peek(at, width) >>> 0;
  }

  read(at: number, width: Width): number {
    const cell = this.#cells[at];
    if (!cell)
      return ((this.#isPlain(at, width) ? this.#blank : this.#refuse(at, width)) & laneMask(width)) >>> 0;
    if (!accepts(cell.register, { at, width })) return (this.#refuse(at, width) & laneMask(width)) >>> 0;
    const { read } = cell.behaviour;
    const value = read ? read() : this.registers.word(at);
    if (!read) this.registers.clearOnRead(at & ~3, laneMask(width) << ((at & 3) * 8));
    return ((value >>> ((at & 3) * 8)) & laneMask(width)) >>> 0;
  }

  /** The short way of a 32-bit register: its behaviour, or its word and what the read clears. */
  override readWord(at: number): number {
    const read = this.#wordReads[at >>> 2];
    if (read === undefined) return this.read(at, 4);
    return read === null ? this.registers.readAndClear(at) : read();
  }

  write(at: number, { width, value }: { readonly width: Width; readonly value: number }): void {
    const cell = this.#cells[at];
    if (!cell || !accepts(cell.register, { at, width })) {
      if (cell) this.onRefused?.({ at, bytes: width, write: true });
      return;
    }
    const { write } = cell.behaviour;
    if (write) {
      write(value | 0, 0);
      return;
    }
    const shift = (at & 3) * 8;
    this.registers.write(at & ~3, { value: value << shift, lanes: laneMask(width) << shift });
  }

  override read64(at: number): bigint {
    if (at & 7 || this.#splitsEight) return super.read64(at);
    if (!this.#acceptsEight(at)) return this.#cells[at] ? this.#refused64() : ALL_ONES_64;
    return BigInt(this.registers.word(at) >>> 0) | (BigInt(this.registers.word(at + 4) >>> 0) << 32n);
  }

  override write64(at: number, value: bigint): void {
    if (at & 7 || this.#splitsEight) {
      super.write64(at, value);
      return;
    }
    if (!this.#acceptsEight(at)) return;
    const [low, high] = [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))];
    const write = this.#cells[at]?.behaviour.write;
    if (write) {
      write(low, high);
      return;
    }
    this.registers.write(at, { value: low, lanes: -1 });
    this.registers.write(at + 4, { value: high, lanes: -1 });
  }

  #refuse(at: number, width: Width): number {
    this.onRefused?.({ at, bytes: width, write: false });
    return this.#refused(width);
  }

  #refused64(): bigint {
    return this.#refused(8) ? ALL_ONES_64 : 0n;
  }

  #acceptsEight(at: number): boolean {
    const register = this.#cells[at]?.register;
    return register?.width === 64 && register.at === at && (register.accepts?.includes(8) ?? true);
  }

  #isPlain(at: number, width: Width): boolean {
    return this.#blank === 0 || (width === 4 && (at & 3) === 0);
  }

  #setTraps(arena: Arena): void {
    for (let at = 0; at < this.registers.size; at += 4) {
      const cell = this.#cells[at];
      const whole = cell?.register.at === at && cell.register.width >= 32;
      const undefinedWord = !cell && this.registers.defined(at) === 0;
      const plainRead = (whole && !cell.behaviour.read && this.registers.readsPlainly(at)) || undefinedWord;
      const plainWrite =
        whole && cell.register.width === 32 && !cell.behaviour.write && this.registers.writesPlainly(at);
      arena.trap(this.registers.base + at, (plainRead ? 0 : 1) | (plainWrite ? 0 : 2));
    }
  }
}

/** A page, so that undefined registers are answered from the arena; more where registers lie higher. */
function storedBytes(map: RegisterMap, size: number): number {
  const end = Math.max(0, ...Object.values(map).map(({ at, width }) => at + width / 8));
  return Math.max(Math.min(size, 4096), end);
}

interface Cell {
  readonly register: Register;
  readonly behaviour: Behaviour;
}

/** A 64-bit register that says which widths it accepts answers at its start only; its upper word is no register. */
function lastByte({ at, width, accepts: widths }: Register): number {
  return at + (width === 64 && widths ? 4 : width / 8) - 1;
}

function accepts(
  { at: start, width: bits, accepts: widths }: Register,
  { at, width }: { at: number; width: Width },
): boolean {
  if (widths) return at === start && widths.includes(width);
  if (bits === 64) return width === 4 && at % 4 === 0;
  return at === start && width === bits / 8;
}
