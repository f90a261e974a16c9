/** What became of each interrupt: a ring in the arena, in the order in which things happened. */
import type { Arena } from "../core/arena";
import type { Clock } from "../core/clock";
import { EventRing } from "../core/event-ring";

/**
 * asserted, deasserted: a line. sent: a message set out. masked: held back by a mask bit, of the function or of the
 * interrupt controller. pending: it arrived and waits. delivered: the kernel took it. lost: nobody will ever take it.
 */
export const FATES = ["asserted", "deasserted", "sent", "masked", "pending", "delivered", "lost"] as const;
export type Fate = (typeof FATES)[number];

export interface InterruptEvent {
  readonly number: number;
  /** Virtual nanoseconds. */
  readonly time: number;
  readonly fate: Fate;
  /** An input of the interrupt controller, or the vector of a message: the processor's, or before it is sent the function's. */
  readonly line?: number;
  readonly vector?: number;
  /** Number of the function in the machine, where the event is one of a function's. */
  readonly from?: number;
}

const LINE = 0x100;
const KEPT = 1024;

export class InterruptLog {
  readonly #ring: EventRing;

  constructor(arena: Arena, clock: Clock) {
    this.#ring = new EventRing(arena, clock, KEPT);
  }

  line(fate: Fate, gsi: number): void {
    this.#ring.note(FATES.indexOf(fate) | LINE, 0, gsi, 0);
  }

  message(fate: Fate, vector: number, from = 0): void {
    this.#ring.note(FATES.indexOf(fate), 0, vector, from);
  }

  events(): readonly InterruptEvent[] {
    return this.#ring.events().map(({ number, time, code, low, high }) => ({
      number,
      time,
      fate: FATES[code & 0xff] ?? "lost",
      ...(code & LINE ? { line: low } : { vector: low }),
      ...(high && { from: high }),
    }));
  }
}
