/** The same machine, driver and seed give the same run: a driver's clock is the machine's, its dice are seeded. */

/** 1 January 2026, 00:00 UTC: what the clock of a machine says at power-on. */
const POWER_ON = 1_767_225_600_000;

/** `nanoseconds`: virtual time since power-on. Replaces `Math.random`, `Date` and `performance.now` for everything that runs later. */
export function makeDeterministic(seed: number, nanoseconds: () => number): void {
  Math.random = random(seed);
  globalThis.Date = virtualDate(() => POWER_ON + Math.floor(nanoseconds() / 1e6));
  globalThis.performance.now = () => nanoseconds() / 1e6;
}

/** Mulberry32: small, and good enough for dice. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function virtualDate(now: () => number): DateConstructor {
  const Real = Date;
  class VirtualDate extends Real {
    constructor(...parts: unknown[]) {
      super(...((parts.length === 0 ? [now()] : parts) as [number]));
    }
    static override now(): number {
      return now();
    }
  }
  return VirtualDate as DateConstructor;
}
