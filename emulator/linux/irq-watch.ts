/** What goes wrong with interrupts: nobody cares (kernel/irq/spurious.c), nobody acknowledges, or they never end. */
import type { KernelLog } from "./log";
import type { Sanitizer } from "./sanitizer";

/** What one interrupt has been so far. */
export interface IrqCount {
  handled: number;
  total: number;
  /** How many came with no time between, and when the last one did. */
  row: number;
  at: number;
}

/** Of 100,000 interrupts, 99,900 unhandled. */
const SPURIOUS_WINDOW = 100_000;
const SPURIOUS_LIMIT = 99_900;
/** So many interrupts in a row without a moment between are a storm. */
const STORM = 1000;
/** A handler and the access that it interrupts take less than this. */
const STORM_GAP_NS = 5000;

export class IrqWatch {
  readonly #log: KernelLog;
  readonly #sanitizer: Sanitizer;
  readonly #now: () => number;

  constructor({ log, sanitizer, now }: { log: KernelLog; sanitizer: Sanitizer; now: () => number }) {
    this.#log = log;
    this.#sanitizer = sanitizer;
    this.#now = now;
  }

  /** Linux gives up on it, and says so. */
  isSpurious(irq: number, { total, handled }: IrqCount): boolean {
    if (total % SPURIOUS_WINDOW || total - handled < SPURIOUS_LIMIT) return false;
    this.#log.err(`irq ${irq}: nobody cared (try booting with the "irqpoll" option)`);
    this.#log.err(`Disabling IRQ #${irq}`);
    return true;
  }

  /** Interrupts that come back while no time passes but that of their own handlers. */
  checkStorm(irq: number, count: IrqCount): void {
    const now = this.#now();
    count.row = now - count.at < STORM_GAP_NS ? count.row + 1 : 0;
    count.at = now;
    if (count.row < STORM) return;
    this.#sanitizer.report("interrupt-storm", `irq ${irq}`, {
      level: "error",
      text: `interrupt ${irq} came ${STORM} times in a row, and nothing else happened between`,
      explanation:
        "The handler returns without taking away the cause: write the device's acknowledge register.",
    });
  }

  /** A line that is up after its handlers ran comes back at once. */
  stillAsserted(irq: number, actions: readonly { readonly name: string }[]): void {
    this.#sanitizer.report("irq-none", `irq ${irq}`, {
      level: "error",
      text: `interrupt line ${irq} is still asserted after its handlers ran (${actions.map(({ name }) => name).join(", ")})`,
      explanation:
        "A level-triggered line stays up until the device is told: acknowledge the interrupt in the handler, before it returns.",
    });
  }
}
