/**
 * Interrupts as the kernel hands them to drivers (kernel/irq). A handler runs on top of the line that was interrupted:
 * the stack shows it there. A thread's function runs right behind its handler, and may sleep.
 * Not modelled: affinity, nested interrupts, several CPUs.
 */

import { digits } from "../core/hex";
import type { InterruptView } from "../machine/views";
import type { InterruptController, Pending } from "../pci/interrupt-controller";
import { LOCAL_TIMER_VECTOR } from "../pci/interrupt-controller";
import type { Context } from "./context";
import { FIRST_MESSAGE_IRQ, FIRST_VECTOR, irqOfVector } from "./irq-numbers";
import { type IrqCount, IrqWatch } from "./irq-watch";
import type { KernelLog } from "./log";
import type { Sanitizer } from "./sanitizer";

export const IRQ_NONE = 0;
export const IRQ_HANDLED = 1;
export const IRQ_WAKE_THREAD = 2;
export const IRQF_SHARED = 0x80;
export const IRQF_ONESHOT = 0x2000;

export type Handler = (irq: number, devId: unknown) => number;

export interface Action {
  /** Null: the thread is woken at each interrupt. */
  readonly handler: Handler | null;
  readonly thread?: Handler;
  readonly name: string;
  readonly devId: unknown;
  readonly flags: number;
}

/** What the kernel itself wants to hear of, and no driver frees. */
interface OwnAction {
  readonly name: string;
  readonly run: () => void;
}

/** Views hear of each of the first interrupts, then of some: a state for each would cost more than the handler. */
const FEW = 16;
const MANY = 256;
const EBUSY = 16;
const EINVAL = 22;

export interface IrqParts {
  readonly controller: InterruptController;
  readonly log: KernelLog;
  readonly context: Context;
  readonly sanitizer: Sanitizer;
  readonly now: () => number;
}

export class Irq {
  readonly #parts: IrqParts;
  readonly #actions = new Map<number, Action[]>();
  readonly #own = new Map<number, OwnAction>();
  readonly #counts = new Map<number, IrqCount>();
  /** How often each was disabled. */
  readonly #depth = new Map<number, number>();
  readonly #watch: IrqWatch;
  #messages = 0;
  #inHandler = false;
  #disabled = 0;
  /** A handler was added or removed, or one ran. */
  onChange: (() => void) | undefined;
  /** The CPU's own timer ran out. */
  onTimer: (() => void) | undefined;

  constructor(parts: IrqParts) {
    this.#parts = parts;
    this.#watch = new IrqWatch(parts);
  }

  /** 0, or a negative errno (request_threaded_irq). */
  request(irq: number, action: Action): number {
    const present = this.#actions.get(irq) ?? [];
    if (irq <= 0 || (!action.handler && !action.thread)) return -EINVAL;
    if (action.flags & IRQF_SHARED && (action.devId === null || action.devId === undefined)) return -EINVAL;
    if (!action.handler && !(action.flags & IRQF_ONESHOT) && irq < FIRST_MESSAGE_IRQ) {
      this.#parts.log.err(
        `genirq: Threaded irq requested with handler=NULL and !ONESHOT for ${action.name} (irq ${irq})`,
      );
      return -EINVAL;
    }
    const [first] = present;
    if (first && !(action.flags & IRQF_SHARED && present.every(({ flags }) => flags & IRQF_SHARED))) {
      const [wanted, held] = [digits(action.flags, 8), digits(first.flags, 8)];
      this.#parts.log.err(
        `genirq: Flags mismatch irq ${irq}. ${wanted} (${action.name}) vs. ${held} (${first.name})`,
      );
      return -EBUSY;
    }
    this.#actions.set(irq, [...present, action]);
    this.#enable(irq, !this.#depth.get(irq));
    this.onChange?.();
    return 0;
  }

  free(irq: number, devId: unknown): void {
    const present = this.#actions.get(irq) ?? [];
    const left = present.filter((it) => it.devId !== devId);
    if (left.length === present.length) this.#parts.log.warn(`Trying to free already-free IRQ ${irq}`);
    this.#actions.set(irq, left);
    if (!left.length) {
      this.#enable(irq, false);
      this.#depth.delete(irq);
    }
    this.onChange?.();
  }

  /** A new message interrupt: its number, and the data that makes it arrive. */
  allocateMessage(): { readonly irq: number; readonly data: number } {
    const index = this.#messages++;
    return { irq: FIRST_MESSAGE_IRQ + index, data: FIRST_VECTOR + index };
  }

  /** `count` of them, the first at a multiple of it: MSI numbers its vectors in the low bits of the data. */
  allocateMessages(count: number): readonly { readonly irq: number; readonly data: number }[] {
    const aligned = 2 ** Math.ceil(Math.log2(count));
    while ((FIRST_VECTOR + this.#messages) % aligned) this.#messages++;
    return Array.from({ length: count }, () => this.allocateMessage());
  }

  /** A message interrupt of the kernel's own; the data that makes it arrive. */
  allocateOwn(name: string, run: () => void): number {
    const { irq, data } = this.allocateMessage();
    this.#own.set(irq, { name, run });
    return data;
  }

  /** disable_irq() */
  disable(irq: number): void {
    this.#depth.set(irq, (this.#depth.get(irq) ?? 0) + 1);
    this.#enable(irq, false);
  }

  /** enable_irq() */
  enable(irq: number): void {
    const depth = this.#depth.get(irq) ?? 0;
    if (depth === 0) {
      this.#parts.sanitizer.report("unbalanced-enable", `irq ${irq}`, {
        level: "error",
        text: `enable_irq(${irq}) without a disable_irq() before it`,
        explanation:
          "request_irq() enables the interrupt already; call enable_irq() once for each disable_irq().",
        log: `Unbalanced enable for IRQ ${irq}`,
      });
      return;
    }
    this.#depth.set(irq, depth - 1);
    if (depth > 1) return;
    this.#enable(irq, (this.#actions.get(irq) ?? []).length > 0);
    this.deliver();
  }

  /** Code between these two calls is not interrupted (local_irq_save). */
  hold(): void {
    this.#disabled++;
    this.#parts.context.enter("interrupts are off");
  }

  unhold(): void {
    this.#disabled--;
    this.#parts.context.leave("interrupts are off");
    this.deliver();
  }

  get inHandler(): boolean {
    return this.#inHandler;
  }

  /** Runs the handlers of what waits; a line that stays asserted is served once. */
  deliver(): void {
    if (this.#inHandler || this.#disabled > 0) return;
    const served = new Set<number>();
    const { controller } = this.#parts;
    for (let pending = controller.take(); pending; pending = controller.take()) {
      if (pending.kind === "message" && pending.vector === LOCAL_TIMER_VECTOR) {
        this.onTimer?.();
        continue;
      }
      const irq = irqOf(pending);
      if (served.has(irq)) {
        const actions = this.#actions.get(irq) ?? [];
        if (actions.length > 0 && irq < FIRST_MESSAGE_IRQ) this.#watch.stillAsserted(irq, actions);
        return;
      }
      served.add(irq);
      this.#run(irq);
    }
  }

  get views(): readonly InterruptView[] {
    const view = (irq: number, name: string): InterruptView => ({
      irq,
      name,
      count: this.#counts.get(irq)?.total ?? 0,
      kind: irq >= FIRST_MESSAGE_IRQ ? "msi" : "intx",
    });
    const own = [...this.#own].map(([irq, { name }]) => view(irq, name));
    return [...own, ...this.requested.map(({ irq, name }) => view(irq, name))];
  }

  /** What drivers have requested. */
  get requested(): readonly { readonly irq: number; readonly name: string }[] {
    return [...this.#actions].flatMap(([irq, actions]) => actions.map(({ name }) => ({ irq, name })));
  }

  #run(irq: number): void {
    const count = this.#counts.get(irq) ?? { handled: 0, total: 0, row: 0, at: 0 };
    this.#counts.set(irq, count);
    count.total++;
    this.#own.get(irq)?.run();
    for (const action of this.#actions.get(irq) ?? []) if (this.#call(irq, action)) count.handled++;
    if (this.#watch.isSpurious(irq, count)) this.#enable(irq, false);
    this.#watch.checkStorm(irq, count);
    if (count.total <= FEW || count.total % MANY === 0) this.onChange?.();
  }

  /** Whether the handler says that the interrupt was its device's. */
  #call(irq: number, { handler, thread, devId }: Action): boolean {
    const result = handler ? this.#inAtomic(() => handler(irq, devId)) : IRQ_WAKE_THREAD;
    if (result !== IRQ_WAKE_THREAD) return result === IRQ_HANDLED;
    thread?.(irq, devId);
    return true;
  }

  #inAtomic(run: () => number): number {
    this.#inHandler = true;
    try {
      return this.#parts.context.within("an interrupt handler runs", run);
    } finally {
      this.#inHandler = false;
    }
  }

  #enable(irq: number, enabled: boolean): void {
    if (irq < FIRST_MESSAGE_IRQ) this.#parts.controller.enableLine(irq, enabled);
  }
}

function irqOf(pending: Pending): number {
  return pending.kind === "line" ? pending.gsi : irqOfVector(pending.vector);
}
