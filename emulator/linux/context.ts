/** Where the driver's code runs: may it sleep (include/linux/preempt.h, might_sleep)? */
import type { Sanitizer } from "./sanitizer";

export class Context {
  readonly #sanitizer: Sanitizer;
  readonly #reasons: string[] = [];

  constructor(sanitizer: Sanitizer) {
    this.#sanitizer = sanitizer;
  }

  /** Why nobody may sleep here, in words; undefined where one may. */
  get atomic(): string | undefined {
    return this.#reasons.at(-1);
  }

  enter(reason: string): void {
    this.#reasons.push(reason);
  }

  leave(reason: string): void {
    const index = this.#reasons.lastIndexOf(reason);
    if (index >= 0) this.#reasons.splice(index, 1);
  }

  /** Runs something that may not sleep. */
  within<T>(reason: string, run: () => T): T {
    this.enter(reason);
    try {
      return run();
    } finally {
      this.leave(reason);
    }
  }

  /** A function that may sleep begins (__might_sleep). */
  mightSleep(name: string): void {
    const { atomic } = this;
    if (atomic === undefined) return;
    this.#sanitizer.report("sleep-in-atomic", `${name} ${atomic}`, {
      level: "error",
      text: `${name}() sleeps, and ${atomic}`,
      explanation: `Nobody may sleep here: use udelay() for a short wait, GFP_ATOMIC for memory, or do it in a work item or a threaded handler.`,
      log: `BUG: sleeping function called from invalid context: ${name}()`,
    });
  }
}
