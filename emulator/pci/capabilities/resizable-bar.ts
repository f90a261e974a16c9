/**
 * Resizable BAR (PCIe Base Specification 7.8.6): software chooses one of the sizes that the card can do, then places the
 * BAR anew. Address bits below the size read zero.
 */
import type { RegisterMap } from "../../core/register-map";
import type { ConfigLogic, ConfigWrite, FunctionSide } from "../place";
import type { Capability } from "./capability";

export interface ResizableBarOptions {
  readonly bar: 0 | 1 | 2 | 3 | 4 | 5;
  /** Bytes, powers of two from 1 MiB up; the BAR is declared with the smallest. */
  readonly sizes: readonly number[];
}

const ONE_MIB_LOG = 20;

export function resizableBar(at: number, { bar, sizes }: ResizableBarOptions): Capability {
  const supported = sizes.reduce((bits, size) => bits | (1 << (Math.log2(size) - ONE_MIB_LOG + 4)), 0) >>> 0;
  const initial = Math.log2(Math.min(...sizes)) - ONE_MIB_LOG;
  // biome-ignore format: a table, as in the specification
  const registers: RegisterMap = {
    [`REBAR_CAP_${bar}`]: { at: at + 4, width: 32, access: "ro", reset: supported, doc: "Sizes it can do: bit 4 is 1 MiB.", spec: "PCIe 7.8.6.2" },
    [`REBAR_CTRL_${bar}`]: { at: at + 8, width: 32, access: "ro", reset: bar | (1 << 5) | (initial << 8), doc: "Which BAR, and its size.", spec: "PCIe 7.8.6.3", fields: {
      BAR: { bits: [2, 0], doc: "BAR." },
      COUNT: { bits: [7, 5], doc: "Resizable BARs." },
      SIZE: { bits: [13, 8], access: "rw", doc: "Size: 1 MiB shifted." },
    } },
  };
  return { id: 0x0015, name: "REBAR", at, registers, logic: (fn) => new ResizableBar(fn, bar) };
}

class ResizableBar implements ConfigLogic {
  readonly #fn: FunctionSide;
  readonly #bar: number;

  constructor(fn: FunctionSide, bar: number) {
    this.#fn = fn;
    this.#bar = bar;
  }

  written({ at, old }: ConfigWrite): void {
    const { config } = this.#fn;
    const control = config.map[`REBAR_CTRL_${this.#bar}`]?.at;
    if (at === control && !this.#offered()) config.setWord(at, old);
    const low = 0x10 + this.#bar * 4;
    if (at === control || at === low || at === low + 4) this.#hold(low);
  }

  #offered(): boolean {
    const { config } = this.#fn;
    const size = (config.value(`REBAR_CTRL_${this.#bar}`) >>> 8) & 63;
    return ((config.value(`REBAR_CAP_${this.#bar}`) >>> (size + 4)) & 1) !== 0;
  }

  /** Address bits below the size stay zero. */
  #hold(low: number): void {
    const { config } = this.#fn;
    const log = ONE_MIB_LOG + ((config.value(`REBAR_CTRL_${this.#bar}`) >>> 8) & 63);
    const [lowMask, highMask] = [log >= 32 ? 0 : -1 << log, log > 32 ? -1 << (log - 32) : -1];
    const kind = config.word(low) & 15;
    config.setWord(low, (config.word(low) & lowMask) | kind);
    if ((kind & 6) === 4) config.setWord(low + 4, config.word(low + 4) & highMask);
  }
}
