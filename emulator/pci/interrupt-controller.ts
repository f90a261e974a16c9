/**
 * Where interrupts arrive: 24 level-triggered inputs (the IOAPIC's) and 256 message vectors (the local APIC's).
 * State lives in the arena; one word says whether anything waits, so that the CPU asks with a single load.
 * Not modelled: priorities, several CPUs, delivery modes other than fixed, remapping.
 */
import type { Arena } from "../core/arena";
import type { Clock } from "../core/clock";
import { InterruptLog } from "./interrupt-log";

export type Pending =
  | { readonly kind: "line"; readonly gsi: number }
  | { readonly kind: "message"; readonly vector: number };

const VECTOR_WORDS = 8;
/** The CPU's own timer (arch/x86/include/asm/irq_vectors.h). */
export const LOCAL_TIMER_VECTOR = 0xec;

export class InterruptController {
  /** Index of the arena word that is not zero while something waits. */
  readonly pendingWord: number;
  /** What became of each. */
  readonly log: InterruptLog;
  /** Called as the CPU takes one. */
  onTake: (() => void) | undefined;
  /** Called as a line goes up or down. */
  onEdge: ((gsi: number, asserted: boolean) => void) | undefined;
  readonly #arena: Arena;
  readonly #levels: number;
  readonly #enabled: number;
  readonly #vectors: number;

  constructor(arena: Arena, clock: Clock) {
    this.#arena = arena;
    this.log = new InterruptLog(arena, clock);
    this.pendingWord = arena.reserve(8) >>> 2;
    this.#levels = arena.reserve(8) >>> 2;
    this.#enabled = arena.reserve(8) >>> 2;
    this.#vectors = arena.reserve(VECTOR_WORDS * 4) >>> 2;
  }

  /** Levels of the 24 lines, one bit each. */
  get levels(): number {
    return this.#word(this.#levels);
  }

  setLine(gsi: number, asserted: boolean): void {
    const bit = 1 << gsi;
    if (((this.levels & bit) !== 0) === asserted) return;
    this.onEdge?.(gsi, asserted);
    this.log.line(asserted ? "asserted" : "deasserted", gsi);
    if (asserted && !(this.#word(this.#enabled) & bit)) this.log.line("masked", gsi);
    this.#store(this.#levels, asserted ? this.levels | bit : this.levels & ~bit);
  }

  enableLine(gsi: number, enabled: boolean): void {
    const bit = 1 << gsi;
    const lines = this.#word(this.#enabled);
    this.#store(this.#enabled, enabled ? lines | bit : lines & ~bit);
  }

  /** A message interrupt: the low byte of its data is the vector. */
  message(data: number): void {
    const vector = data & 0xff;
    const at = this.#vectors + (vector >>> 5);
    this.log.message("pending", vector);
    this.#store(at, this.#word(at) | (1 << (vector & 31)));
  }

  /** The next that waits, messages first; a message is gone once taken, a line waits as long as it is asserted. */
  take(): Pending | undefined {
    for (let word = 0; word < VECTOR_WORDS; word++) {
      const bits = this.#word(this.#vectors + word);
      if (bits) return this.#takeMessage(word, 31 - Math.clz32(bits & -bits));
    }
    const lines = this.levels & this.#word(this.#enabled);
    return lines ? this.#takeLine(31 - Math.clz32(lines & -lines)) : undefined;
  }

  #takeLine(gsi: number): Pending {
    this.onTake?.();
    this.log.line("delivered", gsi);
    return { kind: "line", gsi };
  }

  #takeMessage(word: number, bit: number): Pending {
    const at = this.#vectors + word;
    this.onTake?.();
    this.log.message("delivered", word * 32 + bit);
    this.#store(at, this.#word(at) & ~(1 << bit));
    return { kind: "message", vector: word * 32 + bit };
  }

  #word(at: number): number {
    return this.#arena.i32[at] ?? 0;
  }

  #store(at: number, value: number): void {
    this.#arena.i32[at] = value;
    let waiting = this.levels & this.#word(this.#enabled);
    for (let word = 0; word < VECTOR_WORDS; word++) waiting |= this.#word(this.#vectors + word);
    this.#arena.i32[this.pendingWord] = waiting ? 1 : 0;
  }
}
