/**
 * Interrupts as the kernel hands them to drivers (kernel/irq). A handler runs on top of the line that was interrupted:
 * the stack shows it there.
 * Not modelled: threaded handlers, affinity, nested interrupts.
 */

import { digits } from "../core/hex";
import type { InterruptView } from "../machine/views";
import type { InterruptController, Pending } from "../pci/interrupt-controller";
import type { KernelLog } from "./log";

export const IRQ_NONE = 0;
export const IRQ_HANDLED = 1;
export const IRQF_SHARED = 0x80;

export type Handler = (irq: number, devId: unknown) => number;

interface Action {
  readonly handler: Handler;
  readonly name: string;
  readonly devId: unknown;
  readonly flags: number;
}

/** Message vectors of x86 start above the exceptions and the legacy interrupts. */
const FIRST_VECTOR = 0x20;
const FIRST_MESSAGE_IRQ = 24;
/** kernel/irq/spurious.c: of 100,000 interrupts, 99,900 unhandled. */
const SPURIOUS_WINDOW = 100_000;
const SPURIOUS_LIMIT = 99_900;
/** Views hear of each of the first interrupts, then of some: a state for each would cost more than the handler. */
const FEW = 16;
const MANY = 256;
const EBUSY = 16;
const EINVAL = 22;

export class Irq {
  readonly #controller: InterruptController;
  readonly #log: KernelLog;
  readonly #actions = new Map<number, Action[]>();
  readonly #counts = new Map<number, { handled: number; total: number }>();
  #messages = 0;
  #inHandler = false;
  #disabled = 0;
  /** A handler was added or removed, or one ran. */
  onChange: (() => void) | undefined;

  constructor(controller: InterruptController, log: KernelLog) {
    this.#controller = controller;
    this.#log = log;
  }

  /** 0, or a negative errno (request_irq). */
  request(irq: number, action: Action): number {
    const present = this.#actions.get(irq) ?? [];
    if (irq <= 0) return -EINVAL;
    if (
      present.length &&
      !(action.flags & IRQF_SHARED && present.every(({ flags }) => flags & IRQF_SHARED))
    ) {
      this.#log.err(
        `genirq: Flags mismatch irq ${irq}. ${digits(action.flags, 8)} (${action.name}) vs. ${digits(present[0]?.flags ?? 0, 8)} (${present[0]?.name})`,
      );
      return -EBUSY;
    }
    this.#actions.set(irq, [...present, action]);
    this.#enable(irq, true);
    this.onChange?.();
    return 0;
  }

  free(irq: number, devId: unknown): void {
    const present = this.#actions.get(irq) ?? [];
    const left = present.filter((it) => it.devId !== devId);
    if (left.length === present.length) this.#log.warn(`Trying to free already-free IRQ ${irq}`);
    this.#actions.set(irq, left);
    if (!left.length) this.#enable(irq, false);
    this.onChange?.();
  }

  /** A new message interrupt: its number, and the data that makes it arrive. */
  allocateMessage(): { readonly irq: number; readonly data: number } {
    const index = this.#messages++;
    return { irq: FIRST_MESSAGE_IRQ + index, data: FIRST_VECTOR + index };
  }

  /** Code between these two calls is not interrupted (local_irq_save). */
  hold(): void {
    this.#disabled++;
  }

  unhold(): void {
    this.#disabled--;
    this.deliver();
  }

  get inHandler(): boolean {
    return this.#inHandler;
  }

  /** Runs the handlers of what waits; a line that stays asserted is served once. */
  deliver(): void {
    if (this.#inHandler || this.#disabled) return;
    const served = new Set<number>();
    for (let pending = this.#controller.take(); pending; pending = this.#controller.take()) {
      const irq = irqOf(pending);
      if (served.has(irq)) return;
      served.add(irq);
      this.#run(irq);
    }
  }

  get views(): readonly InterruptView[] {
    return [...this.#actions].flatMap(([irq, actions]) =>
      actions.map(({ name }) => ({
        irq,
        name,
        count: this.#counts.get(irq)?.total ?? 0,
        kind: irq >= FIRST_MESSAGE_IRQ ? ("msi" as const) : ("intx" as const),
      })),
    );
  }

  #run(irq: number): void {
    const count = this.#counts.get(irq) ?? { handled: 0, total: 0 };
    this.#counts.set(irq, count);
    count.total++;
    this.#inHandler = true;
    try {
      for (const { handler, devId } of this.#actions.get(irq) ?? [])
        if (handler(irq, devId) === IRQ_HANDLED) count.handled++;
    } finally {
      this.#inHandler = false;
    }
    this.#checkSpurious(irq, count);
    if (count.total <= FEW || count.total % MANY === 0) this.onChange?.();
  }

  #checkSpurious(irq: number, count: { handled: number; total: number }): void {
    if (count.total % SPURIOUS_WINDOW || count.total - count.handled < SPURIOUS_LIMIT) return;
    this.#log.err(`irq ${irq}: nobody cared (try booting with the "irqpoll" option)`);
    this.#log.err(`Disabling IRQ #${irq}`);
    this.#enable(irq, false);
  }

  #enable(irq: number, enabled: boolean): void {
    if (irq < FIRST_MESSAGE_IRQ) this.#controller.enableLine(irq, enabled);
  }
}

function irqOf(pending: Pending): number {
  return pending.kind === "line" ? pending.gsi : pending.vector - FIRST_VECTOR + FIRST_MESSAGE_IRQ;
}
