/** What a device is made from, and what it gives the machine. */
import type { Arena } from "../core/arena";
import type { Clock } from "../core/clock";
import type { RegisterBank } from "../core/register-bank";
import type { PciFunction } from "./function";

/**
 * `hardware`: what a card would do. `qemu`: with the quirks of QEMU's model, each named in the device's file, for
 * comparison with transcripts recorded there.
 */
export type Fidelity = "hardware" | "qemu";

export interface DeviceParts {
  readonly arena: Arena;
  readonly clock: Clock;
  /** The machine's own name for it. */
  readonly name: string;
  readonly fidelity: Fidelity;
  /** What the description says of this one: `{"memory": 4194304}`. */
  readonly options: Readonly<Record<string, number>>;
}

export interface Device {
  readonly function: PciFunction;
  /** Its register banks, named. */
  readonly banks: readonly RegisterBank[];
  /** Power-on: registers to their reset values, timers off. */
  reset(): void;
}
