/** Why a function does not answer at all: reasons as bits of one word of the arena, so that zero is "it answers". */
import type { Arena } from "../core/arena";

export const AWAY = { ABSENT: 1, UNPOWERED: 2, UNLINKED: 4, DISABLED: 8 } as const;
/** What may cut off a card that stays where it is: its power, a broken link, Link Disable of the port above. */
export type Cut = Exclude<keyof typeof AWAY, "ABSENT">;

export class Presence {
  readonly #i32: Int32Array;
  readonly #word: number;
  readonly #changed: () => void;

  constructor(arena: Arena, changed: () => void) {
    this.#i32 = arena.i32;
    this.#word = arena.reserve(8) >>> 2;
    this.#changed = changed;
  }

  /** No reason at all, or not this one. */
  without(reasons = -1): boolean {
    return ((this.#i32[this.#word] ?? 0) & reasons) === 0;
  }

  set(reason: number, away: boolean): void {
    const before = this.#i32[this.#word] ?? 0;
    const now = away ? before | reason : before & ~reason;
    if (now === before) return;
    this.#i32[this.#word] = now;
    this.#changed();
  }
}
