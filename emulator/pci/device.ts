/** What a device is made from, and what it gives the machine. */
import type { Arena } from "../core/arena";
import type { Clock } from "../core/clock";
import type { RegisterBank } from "../core/register-bank";
import type { PciFunction } from "./function";
import type { Fidelity, Quirks } from "./quirks";

/** What a dump says of a function (`*.pcie.json`, kind "recorded"). */
export interface Recording {
  /** Configuration space from byte 0, two hexadecimal digits a byte. */
  readonly config: string;
  /** A dump does not hold their sizes. */
  readonly bars: readonly {
    readonly index: 0 | 1 | 2 | 3 | 4 | 5;
    readonly kind: "io" | "mem32" | "mem64";
    readonly prefetchable?: boolean;
    readonly size: number;
    /** The size is a guess. */
    readonly assumed?: boolean;
  }[];
  /** The BARs that its virtual functions share (SR-IOV); sizes of one of them. */
  readonly vfBars: Recording["bars"];
  /** Bytes of the expansion ROM; 0: none. */
  readonly rom: number;
}

export interface DeviceParts {
  readonly arena: Arena;
  readonly clock: Clock;
  /** The machine's own name for it. */
  readonly name: string;
  readonly fidelity: Fidelity;
  readonly quirks: Quirks;
  /** What the description says of this one: `{"memory": 4194304}`. */
  readonly options: Readonly<Record<string, number>>;
  /** Of a function that was recorded. */
  readonly recording?: Recording;
}

export interface Device {
  readonly function: PciFunction;
  /** Functions that its own makes appear and go (SR-IOV), with where they sit from it in routing ids. */
  readonly virtual?: readonly { readonly function: PciFunction; readonly distance: number }[];
  /** Address bits that its DMA drives, where it is fewer than 64. */
  readonly dmaBits?: number;
  /** Its register banks, named. */
  readonly banks: readonly RegisterBank[];
  /** Power-on: registers to their reset values, timers off. */
  reset(): void;
}

interface Resettable {
  reset(): void;
}

/** A device that is a function, its banks, and whatever else a power-on puts back. */
export function assemble(
  fn: PciFunction,
  banks: readonly RegisterBank[],
  others: readonly Resettable[] = [],
): Device {
  const parts: readonly Resettable[] = [fn, ...banks, ...others];
  const reset = () => {
    for (const part of parts) part.reset();
  };
  return { function: fn, banks, reset };
}
