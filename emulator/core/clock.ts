/**
 * Virtual time. It moves only when the machine works: an access, a delay, a wait. The same driver on the same machine
 * sees the same times. Deadlines live in the arena, so a snapshot holds what is still to come.
 */
import type { Arena } from "./arena";

export class Timer {
  readonly #clock: Clock;
  readonly #slot: number;
  readonly #fire: () => void;

  constructor(clock: Clock, slot: number, fire: () => void) {
    this.#clock = clock;
    this.#slot = slot;
    this.#fire = fire;
  }

  /** Nanoseconds; 0 while it is not armed. */
  get deadline(): number {
    return this.#clock.arena.f64[this.#slot] ?? 0;
  }

  arm(nanoseconds: number): void {
    this.#clock.arena.f64[this.#slot] = this.#clock.now + nanoseconds;
    this.#clock.settle();
  }

  cancel(): void {
    this.#clock.arena.f64[this.#slot] = 0;
    this.#clock.settle();
  }

  expire(): void {
    this.cancel();
    this.#fire();
  }
}

export class Clock {
  readonly arena: Arena;
  readonly #f64: Float64Array;
  readonly #now: number;
  readonly #next: number;
  readonly #timers: Timer[] = [];

  constructor(arena: Arena) {
    this.arena = arena;
    this.#f64 = arena.f64;
    const now = arena.reserve(8);
    arena.keepOverReset(now, 8);
    this.#now = now >>> 3;
    this.#next = arena.reserve(8) >>> 3;
  }

  /** Nanoseconds since power-on. */
  get now(): number {
    return this.arena.f64[this.#now] ?? 0;
  }

  /** When something happens next, or undefined if nothing is armed. */
  get next(): number | undefined {
    return this.arena.f64[this.#next] || undefined;
  }

  /** Declares a timer. Timers that expire at the same moment fire in the order of their declaration. */
  timer(fire: () => void): Timer {
    const timer = new Timer(this, this.arena.reserve(8) >>> 3, fire);
    this.#timers.push(timer);
    return timer;
  }

  /** Lets time pass and fires what falls due on the way, each at its own moment. */
  spend(nanoseconds: number): void {
    const f64 = this.#f64;
    const until = (f64[this.#now] as number) + nanoseconds;
    const next = f64[this.#next] as number;
    if (next !== 0 && next <= until) this.#expireUntil(until);
    f64[this.#now] = until;
  }

  /** Works out anew which deadline is the next. */
  settle(): void {
    this.arena.f64[this.#next] = this.#earliest()?.deadline ?? 0;
  }

  #expireUntil(until: number): void {
    for (let timer = this.#earliest(); timer && timer.deadline <= until; timer = this.#earliest()) {
      this.arena.f64[this.#now] = Math.max(this.now, timer.deadline);
      timer.expire();
    }
  }

  #earliest(): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.deadline && (!earliest || timer.deadline < earliest.deadline)) earliest = timer;
    }
    return earliest;
  }
}
