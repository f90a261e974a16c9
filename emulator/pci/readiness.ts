/**
 * A function that was reset needs time before it can answer (PCIe Base Specification 2.3.1.1, 6.6.1): until then it ends
 * configuration requests with Configuration Request Retry Status. The root complex sends them again until another
 * completion comes, unless its port lets software see the status (Root Control, 7.5.3.12): then a read of the Vendor ID
 * gives 0001h, which is nobody's.
 * Not modelled: a limit after which the root complex gives up.
 */
import type { Arena } from "../core/arena";
import type { Clock } from "../core/clock";

export class Readiness {
  /** Nanoseconds that it takes after a reset. */
  duration = 0;
  readonly #f64: Float64Array;
  readonly #at: number;

  constructor(arena: Arena) {
    this.#f64 = arena.f64;
    this.#at = arena.reserve(8) >>> 3;
  }

  /** It was reset. */
  begin(now: number): void {
    this.#f64[this.#at] = this.duration ? now + this.duration : 0;
  }

  /** Nanoseconds until it answers. */
  left({ now }: Clock): number {
    return Math.max(0, (this.#f64[this.#at] ?? 0) - now);
  }
}

/** Vendor ID that software sees instead of the retry; the other bytes of the read are ones. */
export const RETRY_VENDOR = 0xffff_0001;
