/**
 * Base address registers (PCIe Base Specification 7.5.1.2.1). The device fixes kind and size by hard-wiring bits to
 * zero; software reads them by writing ones, and chooses the address. The device never says a wish.
 */
import { type BusAddress, bus } from "../core/address";
import type { Io } from "../core/io";
import type { Memory } from "../core/memory";
import type { RegisterFile } from "../core/register-file";
import type { Register, RegisterMap } from "../core/register-map";

export type BarKind = "io" | "mem32" | "mem64";

/** What answers behind a BAR. */
export type BarTarget =
  | { readonly kind: "io"; readonly io: Io }
  | { readonly kind: "memory"; readonly memory: Memory };

/** What software can find out about a BAR. */
export type BarShape = Omit<BarDeclaration, "target">;

export interface BarDeclaration {
  readonly index: 0 | 1 | 2 | 3 | 4 | 5;
  readonly kind: BarKind;
  readonly prefetchable?: boolean;
  /** Bytes, a power of two: at least 4 for I/O, 16 for memory. */
  readonly size: number;
  readonly target: BarTarget;
}

/** A BAR as large as the bank behind it. */
export function bankBar(
  index: BarDeclaration["index"],
  kind: BarKind,
  bank: Io & { readonly size: number },
): BarDeclaration {
  return { index, kind, size: bank.size, target: { kind: "io", io: bank } };
}

const TYPE_BITS: Readonly<Record<BarKind, number>> = { io: 1, mem32: 0, mem64: 4 };

/** The BAR registers of a header with `count` of them; those not declared are hard-wired to zero. */
export function barRegisters(bars: readonly BarShape[], count: 2 | 6): RegisterMap {
  const map: Record<string, Register> = {};
  for (let index = 0; index < count; index++) {
    const at = 0x10 + index * 4;
    map[`BASE_ADDRESS_${index}`] = { at, width: 32, access: "ro", doc: "Not implemented: reads zero." };
  }
  for (const bar of bars) {
    checkDeclared(bar, count);
    map[`BASE_ADDRESS_${bar.index}`] = lowRegister(bar);
    if (bar.kind === "mem64") map[`BASE_ADDRESS_${bar.index + 1}`] = highRegister(bar);
  }
  return map;
}

function checkDeclared({ index, kind, size }: BarShape, count: number): void {
  if (!Number.isInteger(Math.log2(size)) || size < (kind === "io" ? 4 : 16)) {
    throw new RangeError(`Cannot make BAR ${index}: ${size} bytes is not a power of two of the least size`);
  }
  if (index + (kind === "mem64" ? 1 : 0) >= count)
    throw new RangeError(`Cannot place BAR ${index}: the header has ${count}`);
}

function lowRegister({ index, kind, size, prefetchable = false }: BarShape): Register {
  const lsb = Math.max(kind === "io" ? 2 : 4, Math.min(31, Math.log2(size)));
  const tooLarge = size > 2 ** 31;
  const address = {
    bits: [31, lsb] as const,
    access: tooLarge ? ("ro" as const) : ("rw" as const),
    doc: "Base address.",
  };
  const kindFields =
    kind === "io"
      ? { SPACE: { bits: 0, doc: "1: I/O space." } }
      : {
          SPACE: { bits: 0, doc: "0: memory space." },
          TYPE: { bits: [2, 1] as const, doc: "Width of the address.", values: { "32-bit": 0, "64-bit": 2 } },
          PREFETCHABLE: { bits: 3, doc: "Reads have no side effects." },
        };
  return {
    at: 0x10 + index * 4,
    width: 32,
    access: "ro",
    reset: TYPE_BITS[kind] | (prefetchable ? 8 : 0),
    doc: `BAR ${index}.`,
    spec: "PCIe 7.5.1.2.1",
    fields: { ...kindFields, ADDRESS: address },
  };
}

function highRegister({ index, size }: BarShape): Register {
  const lsb = Math.max(0, Math.log2(size) - 32);
  return {
    at: 0x14 + index * 4,
    width: 32,
    access: "ro",
    doc: `BAR ${index}, address bits 63:32.`,
    fields: { ADDRESS: { bits: [31, lsb], access: "rw", doc: "Base address." } },
  };
}

/** A BAR at work: its address is what its registers hold now. */
export class Bar {
  readonly index: number;
  readonly kind: BarKind;
  readonly prefetchable: boolean;
  readonly target: BarTarget;
  readonly #config: RegisterFile;
  readonly #size: number;
  /** Name of the register that chooses its size, if there is one (PCIe 7.8.6). */
  readonly #resized: string | undefined;

  constructor(config: RegisterFile, { index, kind, prefetchable = false, size, target }: BarDeclaration) {
    this.#config = config;
    this.index = index;
    this.kind = kind;
    this.prefetchable = prefetchable;
    this.#size = size;
    this.target = target;
    this.#resized = `REBAR_CTRL_${index}` in config.map ? `REBAR_CTRL_${index}` : undefined;
  }

  /** Bytes. */
  get size(): number {
    return this.#resized ? 2 ** (20 + ((this.#config.value(this.#resized) >>> 8) & 63)) : this.#size;
  }

  get base(): BusAddress {
    const at = 0x10 + this.index * 4;
    const low = BigInt((this.#config.word(at) & (this.kind === "io" ? ~3 : ~15)) >>> 0);
    if (this.kind !== "mem64") return bus(low);
    return bus(low | (BigInt(this.#config.word(at + 4) >>> 0) << 32n));
  }

  contains(address: BusAddress): boolean {
    const { base } = this;
    return address >= base && address < base + BigInt(this.size);
  }
}
