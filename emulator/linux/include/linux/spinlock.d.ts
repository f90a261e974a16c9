/** Locks that nobody sleeps with (include/linux/spinlock.h). What an interrupt handler takes, others take by `_irqsave`. */
export interface SpinLock {
  readonly __spinlock: never;
}

/** A free spinlock. (C initializes one in place.) */
export function spin_lock_init(): SpinLock;
export function spin_lock(lock: SpinLock): void;
export function spin_unlock(lock: SpinLock): void;
/** Takes it with interrupts off. */
export function spin_lock_irq(lock: SpinLock): void;
export function spin_unlock_irq(lock: SpinLock): void;
/** Takes it with interrupts off; returns what `spin_unlock_irqrestore` takes. */
export function spin_lock_irqsave(lock: SpinLock): number;
export function spin_unlock_irqrestore(lock: SpinLock, flags: number): void;
