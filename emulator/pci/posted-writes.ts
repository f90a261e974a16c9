/**
 * Memory writes on their way (PCIe Base Specification 2.4.1, table 2-40). A posted write has no completion: whoever sent
 * it does not know when it arrives. It keeps its order behind earlier posted writes of its path, and what may not pass
 * it pushes it along: a read or a configuration request behind it, and on the way up the completion of a read.
 * Message interrupts are such writes, and the INTx messages of a PCIe function keep the same order; the INTx line of a
 * conventional function is a wire, and passes them all.
 *
 * `prompt`: writes arrive at once. `adversarial`: each is held until something pushes it or 10 µs have passed. `random`:
 * each is held for a time out of a seeded sequence, at most as long. A path is one function's: traffic class 0, no
 * relaxed ordering. State is in the arena.
 * Not modelled: caches of the CPU, several traffic classes, the shared part of two paths.
 */
import type { Arena } from "../core/arena";
import type { Clock, Timer } from "../core/clock";

export const POSTING = ["prompt", "adversarial", "random"] as const;
export type Posting = (typeof POSTING)[number];
export type Direction = "down" | "up";

/** A write as it waits. */
export interface Waiting {
  readonly direction: Direction;
  /** Number of the path's function. */
  readonly path: number;
  /** BAR and offset on the way down; a physical address on the way up. */
  readonly bar: number;
  readonly place: number;
  readonly data: Uint8Array;
}

export const LONGEST_NS = 10_000;
const SLOTS = 64;
/** Words a slot: length, direction, path, bar; place and deadline as 64-bit floats. */
const SLOT_WORDS = 8;
const SLOT_BYTES = 4096;

export class PostedWrites {
  /** Called as a write arrives. */
  deliver: ((write: Waiting) => void) | undefined;
  /** Called as the mode changes: who cached a path must forget it. */
  onSwitch: (() => void) | undefined;
  readonly #arena: Arena;
  readonly #clock: Clock;
  readonly #timer: Timer;
  /** Mode, random state, first slot, slots in use. */
  readonly #head: number;
  readonly #slots: number;
  readonly #bytes: number;

  constructor(arena: Arena, clock: Clock) {
    this.#arena = arena;
    this.#clock = clock;
    this.#head = arena.reserve(16) >>> 2;
    this.#slots = arena.reserve(SLOTS * SLOT_WORDS * 4, 64) >>> 2;
    this.#bytes = arena.reserve(SLOTS * SLOT_BYTES, 4096);
    this.#timer = clock.timer(() => this.#expire());
  }

  get mode(): Posting {
    return POSTING[this.#word(this.#head)] ?? "prompt";
  }

  /** What waits arrives first. */
  setMode(mode: Posting, { seed = 1 }: { readonly seed?: number } = {}): void {
    this.drain();
    this.#arena.i32[this.#head] = POSTING.indexOf(mode);
    this.#arena.i32[this.#head + 1] = seed | 1;
    this.onSwitch?.();
  }

  /** Writes that have not arrived. */
  get waiting(): number {
    return this.#word(this.#head + 3);
  }

  /** A write sets out. Longer ones than a page arrive in pieces of their own. */
  post(write: Waiting): void {
    if (this.mode === "prompt") {
      this.deliver?.(write);
      return;
    }
    if (this.waiting === SLOTS) this.#deliverAt(0);
    this.#put(this.waiting, write);
    this.#arena.i32[this.#head + 3] = this.waiting + 1;
    this.#arm();
  }

  /** Something that may not pass them pushes the writes of a path; without one, all of them. */
  drain(path?: number, direction?: Direction): void {
    if (this.waiting === 0) return;
    for (let index = 0; index < this.waiting; ) {
      const write = this.#get(index);
      const pushed =
        (path === undefined || write.path === path) &&
        (direction === undefined || write.direction === direction);
      if (pushed) this.#deliverAt(index);
      else index++;
    }
    this.#arm();
  }

  #expire(): void {
    while (this.waiting && this.#deadline(0) <= this.#clock.now) this.#deliverAt(0);
    this.#arm();
  }

  #arm(): void {
    if (this.waiting) this.#timer.arm(Math.max(0, this.#deadline(0) - this.#clock.now));
    else this.#timer.cancel();
  }

  /** In order of arrival, so that no write overtakes one of its path: a slot closes up before the write takes effect. */
  #deliverAt(index: number): void {
    const write = this.#get(index);
    const last = this.waiting - 1;
    for (let slot = index; slot < last; slot++) this.#copy(slot + 1, slot);
    this.#arena.i32[this.#head + 3] = last;
    this.deliver?.(write);
  }

  #put(slot: number, { direction, path, bar, place, data }: Waiting): void {
    const at = this.#slots + slot * SLOT_WORDS;
    const { i32, f64, u8 } = this.#arena;
    i32.set([data.length, direction === "up" ? 1 : 0, path, bar], at);
    f64[(at + 4) >>> 1] = place;
    const previous = slot > 0 ? this.#deadline(slot - 1) : 0;
    f64[(at + 6) >>> 1] = Math.max(previous, this.#clock.now + this.#delay());
    u8.set(data, this.#bytes + slot * SLOT_BYTES);
  }

  #get(slot: number): Waiting {
    const at = this.#slots + slot * SLOT_WORDS;
    const start = this.#bytes + slot * SLOT_BYTES;
    return {
      direction: this.#word(at + 1) ? "up" : "down",
      path: this.#word(at + 2),
      bar: this.#word(at + 3),
      place: this.#arena.f64[(at + 4) >>> 1] ?? 0,
      data: this.#arena.u8.slice(start, start + this.#word(at)),
    };
  }

  #copy(from: number, to: number): void {
    const [source, target] = [this.#slots + from * SLOT_WORDS, this.#slots + to * SLOT_WORDS];
    this.#arena.i32.copyWithin(target, source, source + SLOT_WORDS);
    const bytes = this.#bytes + from * SLOT_BYTES;
    this.#arena.u8.copyWithin(this.#bytes + to * SLOT_BYTES, bytes, bytes + SLOT_BYTES);
  }

  #deadline(slot: number): number {
    return this.#arena.f64[(this.#slots + slot * SLOT_WORDS + 6) >>> 1] ?? 0;
  }

  /** Held as long as may be, or for a time out of the seeded sequence. */
  #delay(): number {
    return this.mode === "adversarial" ? LONGEST_NS : this.#random() % LONGEST_NS;
  }

  /** Which of several that have no order goes first: the last, or one out of the seeded sequence. */
  pick(count: number): number {
    return this.mode === "adversarial" ? count - 1 : this.#random() % count;
  }

  /** xorshift */
  #random(): number {
    let state = this.#word(this.#head + 1);
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#arena.i32[this.#head + 1] = state;
    return state >>> 0;
  }

  #word(at: number): number {
    return this.#arena.i32[at] ?? 0;
  }
}

/** The longest piece that one slot holds. */
export const LONGEST_WRITE = SLOT_BYTES;
