/** Interrupt handlers (include/linux/interrupt.h). */
import type { Device } from "linux/device";

/** The interrupt was not this device's. */
export const IRQ_NONE: 0;
export const IRQ_HANDLED: 1;
/** The rest is the thread's, which may sleep. */
export const IRQ_WAKE_THREAD: 2;
export type irqreturn_t = 0 | 1 | 2;
/** IRQ_HANDLED or IRQ_NONE. */
export function IRQ_RETVAL(handled: boolean): irqreturn_t;
/** The line stays masked until the thread is done: needed where there is no handler but the thread. */
export const IRQF_ONESHOT: 0x2000;
/** Several devices may share the line; each handler asks its own device. */
export const IRQF_SHARED: 0x80;

/** Installs a handler. 0, or a negative errno. `dev_id` comes back as the handler's second argument. */
export function request_irq<T>(
  irq: number,
  handler: (irq: number, dev_id: T) => irqreturn_t,
  flags: number,
  name: string,
  dev_id: T,
): number;
/**
 * A handler that runs at once, or null, and a function that runs in a thread of its own when the handler returns
 * IRQ_WAKE_THREAD. The thread may sleep.
 */
export function request_threaded_irq<T>(
  irq: number,
  handler: ((irq: number, dev_id: T) => irqreturn_t) | null,
  thread_fn: ((irq: number, dev_id: T) => irqreturn_t) | null,
  flags: number,
  name: string,
  dev_id: T,
): number;
/** Like `request_irq`, freed by itself when the driver leaves. */
export function devm_request_irq<T>(
  dev: Device,
  irq: number,
  handler: (irq: number, dev_id: T) => irqreturn_t,
  flags: number,
  name: string,
  dev_id: T,
): number;
/** Once for each `disable_irq()`. */
export function enable_irq(irq: number): void;
/** Keeps the handler from running; waits until it does not run any more. */
export function disable_irq(irq: number): void;
/** The same without waiting: from the handler itself. */
export function disable_irq_nosync(irq: number): void;
/** Waits until no handler of this interrupt runs. */
export function synchronize_irq(irq: number): void;
/** True where nobody may sleep. */
export function in_atomic(): boolean;
export function free_irq<T>(irq: number, dev_id: T): void;
/** Keeps interrupts from being handled until `local_irq_restore`. */
export function local_irq_save(): number;
export function local_irq_restore(flags: number): void;
/** True while a handler runs: it must not sleep. */
export function in_interrupt(): boolean;
