/**
 * What runs later, in the kernel's own time (kernel/time/timer.c, kernel/workqueue.c). A timer runs as an interrupt does,
 * on top of whatever line is running, and may not sleep. A work item has a thread of its own: it runs when whoever
 * runs now sleeps, waits or has returned, never on top of another work item.
 */
import type { Clock, Timer } from "../core/clock";

export interface Scheduled {
  /** Nanoseconds of virtual time. */
  readonly at: number;
  readonly run: () => void;
}

/** In the order of their times; of the same moment, in the order in which they came. */
class Queue {
  readonly #items: Scheduled[] = [];

  add(item: Scheduled): void {
    const behind = this.#items.findIndex(({ at }) => at > item.at);
    this.#items.splice(behind < 0 ? this.#items.length : behind, 0, item);
  }

  remove(item: Scheduled): boolean {
    const index = this.#items.indexOf(item);
    if (index >= 0) this.#items.splice(index, 1);
    return index >= 0;
  }

  get next(): number | undefined {
    return this.#items[0]?.at;
  }

  take(now: number): Scheduled | undefined {
    const [first] = this.#items;
    return first && first.at <= now ? this.#items.shift() : undefined;
  }
}

export class Work {
  readonly #clock: Clock;
  /** The local timer of the CPU: it interrupts when the next timer is due. */
  readonly #alarm: Timer;
  readonly #timers = new Queue();
  readonly #items = new Queue();
  #running = false;

  constructor(clock: Clock, alarm: Timer) {
    this.#clock = clock;
    this.#alarm = alarm;
  }

  /** A work item, `delay` nanoseconds from now at the earliest. */
  schedule(run: () => void, delay = 0): Scheduled {
    const item = { at: this.#clock.now + delay, run };
    this.#items.add(item);
    return item;
  }

  /** A timer. */
  after(delay: number, run: () => void): Scheduled {
    const timer = { at: this.#clock.now + delay, run };
    this.#timers.add(timer);
    this.#arm();
    return timer;
  }

  /** Whether it still waited. */
  cancel(scheduled: Scheduled): boolean {
    const waited = this.#timers.remove(scheduled) || this.#items.remove(scheduled);
    this.#arm();
    return waited;
  }

  /** When the next work item is due. */
  get nextItem(): number | undefined {
    return this.#running ? undefined : this.#items.next;
  }

  runTimers(): void {
    for (let due = this.#timers.take(this.#clock.now); due; due = this.#timers.take(this.#clock.now))
      due.run();
    this.#arm();
  }

  /** What is due, unless it is a work item that sleeps here. */
  runItems(): void {
    if (this.#running) return;
    this.#running = true;
    try {
      for (let due = this.#items.take(this.#clock.now); due; due = this.#items.take(this.#clock.now))
        due.run();
    } finally {
      this.#running = false;
    }
  }

  #arm(): void {
    const { next } = this.#timers;
    if (next === undefined) this.#alarm.cancel();
    else this.#alarm.arm(Math.max(1, next - this.#clock.now));
  }
}
