/**
 * A device's registers as data: drawn by the tree, quoted by the hover, matched by watchpoints, printed by the docs,
 * and compiled into masks for the bus. Plain JSON.
 */

/** `wo`: a pulse, never stored. `rc`: a read clears. `w1c`, `w1s`: writing 1 clears, sets. */
export type Access = "ro" | "rw" | "wo" | "rc" | "w1c" | "w1s";

export interface Field {
  /** One bit, or `[msb, lsb]` as datasheets print it. */
  readonly bits: number | readonly [msb: number, lsb: number];
  readonly doc: string;
  /** Where it differs from the register's. */
  readonly access?: Access;
  readonly values?: Readonly<Record<string, number>>;
}

export interface Register {
  /** Bytes from the start of the bank. */
  readonly at: number;
  readonly width: 8 | 16 | 32 | 64;
  readonly access: Access;
  readonly doc: string;
  /** The low 32 bits after reset; the others are zero. */
  readonly reset?: number;
  readonly fields?: Readonly<Record<string, Field>>;
  /** Where the specification defines it. */
  readonly spec?: string;
  /** Outlives a function level reset, or any reset but a cold one (sticky, PCIe 7.4). */
  readonly survives?: "function-reset" | "hot-reset";
  /** Access widths in bytes that the device completes; by default the register's own width. */
  readonly accepts?: readonly (1 | 2 | 4 | 8)[];
}

export type RegisterMap = Readonly<Record<string, Register>>;

/** `[msb, lsb]` */
export function bitRange({ bits }: Pick<Field, "bits">): readonly [msb: number, lsb: number] {
  return typeof bits === "number" ? [bits, bits] : bits;
}

/** A field's value out of its register's. */
export function extract(value: bigint, field: Pick<Field, "bits">): bigint {
  const [msb, lsb] = bitRange(field);
  return (value >> BigInt(lsb)) & ((1n << BigInt(msb - lsb + 1)) - 1n);
}

export function fieldMask(field: Pick<Field, "bits">): bigint {
  const [msb, lsb] = bitRange(field);
  return ((1n << BigInt(msb - lsb + 1)) - 1n) << BigInt(lsb);
}

/** Checks the map when the module loads, and keeps its names as types. */
export function defineRegisters<const M extends RegisterMap>(map: M): M {
  let end = 0;
  for (const [name, register] of Object.entries<Register>(map)) {
    const bytes = register.width / 8;
    if (register.at < end)
      throw new RangeError(`Cannot place ${name} at ${register.at}: the register before it ends at ${end}`);
    if (register.at % Math.min(bytes, 4))
      throw new RangeError(`Cannot place ${name} at ${register.at}: it is not aligned`);
    checkFields(name, register);
    end = register.at + bytes;
  }
  return map;
}

function checkFields(name: string, { width, fields = {} }: Register): void {
  let taken = 0n;
  for (const [field, declared] of Object.entries(fields)) {
    const mask = fieldMask(declared);
    if (mask >> BigInt(width)) throw new RangeError(`Cannot fit ${field} into the ${width} bits of ${name}`);
    if (mask & taken) throw new RangeError(`Cannot place ${name}.${field}: another field has its bits`);
    taken |= mask;
  }
}
