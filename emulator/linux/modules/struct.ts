/**
 * Structures in memory (linux/types): `struct("desc", { addr: le64, len: le32 })` is a class whose fields are accessors
 * over the CPU's own path, so a field can be watched, traced and synchronized like any other byte.
 */
import type * as header from "linux/types";
import type { KernelMem } from "linux/types";
import { kernelMemory } from "../memory/kernel-memory";
import { swab16, swab32, swab64 } from "./byte-order";

interface Field {
  readonly bytes: number;
  get(mem: KernelMem, at: number): number | bigint;
  set(mem: KernelMem, at: number, value: never): void;
}

const number = (bytes: 1 | 2 | 4, swap: (value: number) => number): Field => {
  const name = bytes === 1 ? "Uint8" : bytes === 2 ? "Uint16" : "Uint32";
  return {
    bytes,
    get: (mem, at) => swap(mem[`get${name}`](at)),
    set: (mem, at, value: number) => mem[`set${name}`](at, swap(value)),
  };
};

const wide = (swap: (value: bigint) => bigint): Field => ({
  bytes: 8,
  get: (mem, at) => swap(mem.getBigUint64(at)),
  set: (mem, at, value: bigint) => mem.setBigUint64(at, swap(BigInt.asUintN(64, value))),
});

const same = <T>(value: T): T => value;

/** A view of one structure: one class for each, with an accessor for each field. */
function classOf(name: string, fields: Readonly<Record<string, Field>>) {
  class View {
    readonly mem: KernelMem;

    constructor(mem: KernelMem) {
      this.mem = mem;
    }
  }
  Object.defineProperty(View, "name", { value: name });
  const offsets: Record<string, number> = {};
  let size = 0;
  for (const [field, { bytes, get, set }] of Object.entries(fields)) {
    const at = size;
    offsets[field] = at;
    size += bytes;
    Object.defineProperty(View.prototype, field, {
      enumerable: true,
      get(this: View) {
        return get(this.mem, at);
      },
      set(this: View, value: never) {
        set(this.mem, at, value);
      },
    });
  }
  return { View, offsets, size };
}

export const structModule: Pick<
  typeof header,
  "struct" | "u8" | "le16" | "le32" | "le64" | "be16" | "be32" | "be64"
> = {
  u8: number(1, same) as never,
  le16: number(2, same) as never,
  le32: number(4, same) as never,
  le64: wide(same) as never,
  be16: number(2, swab16) as never,
  be32: number(4, swab32) as never,
  be64: wide(swab64) as never,
  struct: (name: string, fields: object) => {
    const { View, offsets, size } = classOf(name, fields as Readonly<Record<string, Field>>);
    const at = (mem: KernelMem) => new View(kernelMemory(mem));
    return {
      size,
      offsetof: (field: string) => offsets[field] ?? 0,
      at,
      array: (mem: KernelMem, length: number) => ({
        length,
        at: (index: number) => {
          if (index >= 0 && index < length) return at(mem.plus(index * size));
          throw new RangeError(`${name}[${index}] is outside of the array, which has ${length}`);
        },
      }),
    } as never;
  },
};
