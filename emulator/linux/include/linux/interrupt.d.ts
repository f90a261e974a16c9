/** Interrupt handlers (include/linux/interrupt.h). */

/** The interrupt was not this device's. */
export const IRQ_NONE: 0;
export const IRQ_HANDLED: 1;
export type irqreturn_t = 0 | 1;
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
export function free_irq<T>(irq: number, dev_id: T): void;
/** Keeps interrupts from being handled until `local_irq_restore`. */
export function local_irq_save(): number;
export function local_irq_restore(flags: number): void;
/** True while a handler runs: it must not sleep. */
export function in_interrupt(): boolean;
