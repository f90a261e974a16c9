/**
 * A ring of fixed-size events in the arena: the machine's own record of what happened. It costs one store a field, it is
 * part of every snapshot, and any thread that has the arena reads it.
 */
import type { Arena } from "./arena";
import type { Clock } from "./clock";

/** Words an event: time and place are 64-bit floats, then a code and two values. */
const WORDS = 8;

export interface RingEvent {
  /** Counts from 0 since power-on; the ring keeps the last ones. */
  readonly number: number;
  /** Virtual nanoseconds. */
  readonly time: number;
  readonly code: number;
  readonly place: number;
  /** Unsigned. */
  readonly low: number;
  readonly high: number;
  /** Whatever `tag` was as it was noted. */
  readonly tag: number;
}

export class EventRing {
  /** Goes with the events that are noted from now on. */
  tag = 0;
  readonly capacity: number;
  readonly #clock: Clock;
  readonly #mask: number;
  readonly #i32: Int32Array;
  readonly #f64: Float64Array;
  readonly #base: number;
  readonly #count: number;

  /** `capacity` is a power of two. */
  constructor(arena: Arena, clock: Clock, capacity = 4096) {
    this.capacity = capacity;
    this.#mask = capacity - 1;
    this.#clock = clock;
    this.#i32 = arena.i32;
    this.#f64 = arena.f64;
    this.#count = arena.reserve(8) >>> 2;
    this.#base = arena.reserve(capacity * WORDS * 4, 64) >>> 2;
  }

  /** How many there have been. */
  get count(): number {
    return (this.#i32[this.#count] as number) >>> 0;
  }

  /** Positional: it is called for each access while tracing is on. */
  note(code: number, place: number, low: number, high: number): void {
    const count = this.#i32[this.#count] as number;
    const at = this.#base + (count & this.#mask) * WORDS;
    this.#f64[at >>> 1] = this.#clock.now;
    this.#f64[(at >>> 1) + 1] = place;
    this.#i32[at + 4] = code;
    this.#i32[at + 5] = low;
    this.#i32[at + 6] = high;
    this.#i32[at + 7] = this.tag;
    this.#i32[this.#count] = count + 1;
  }

  clear(): void {
    this.#i32[this.#count] = 0;
  }

  /** Number of the oldest that the ring still holds. */
  get first(): number {
    return Math.max(0, this.count - this.capacity);
  }

  /** Those that the ring still holds, oldest first. */
  events(): readonly RingEvent[] {
    return this.window(this.first, this.capacity);
  }

  /** At most `count` of those from number `from` on that the ring still holds. */
  window(from: number, count: number): readonly RingEvent[] {
    const start = Math.max(from, this.first);
    const length = Math.max(0, Math.min(from + count, this.count) - start);
    return Array.from({ length }, (_, index) => this.#event(start + index));
  }

  /** Virtual nanoseconds of an event that the ring still holds. */
  timeOf(number: number): number {
    return this.#f64[(this.#base + (number & this.#mask) * WORDS) >>> 1] as number;
  }

  /** Code and place of each event from `from` up to `to`, without making objects: there may be millions. */
  visit(from: number, to: number, see: (number: number, code: number, place: number) => void): void {
    for (let number = from; number < to; number++) {
      const at = this.#base + (number & this.#mask) * WORDS;
      see(number, this.#i32[at + 4] as number, this.#f64[(at >>> 1) + 1] as number);
    }
  }

  #event(number: number): RingEvent {
    const at = this.#base + (number % this.capacity) * WORDS;
    return {
      number,
      time: this.#f64[at >>> 1] as number,
      place: this.#f64[(at >>> 1) + 1] as number,
      code: this.#i32[at + 4] as number,
      low: (this.#i32[at + 5] as number) >>> 0,
      high: (this.#i32[at + 6] as number) >>> 0,
      tag: this.#i32[at + 7] as number,
    };
  }
}
