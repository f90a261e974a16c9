/** Locks that a task sleeps for (include/linux/mutex.h). Not in an interrupt handler. */
export interface Mutex {
  readonly __mutex: never;
}

/** A free mutex. (C initializes one in place.) */
export function mutex_init(): Mutex;
/** Takes it. Taking it twice is a deadlock, and is reported. */
export function mutex_lock(lock: Mutex): void;
/** 0 (no signal ever arrives here). */
export function mutex_lock_interruptible(lock: Mutex): number;
/** 1 if it was free and is taken now. */
export function mutex_trylock(lock: Mutex): number;
export function mutex_unlock(lock: Mutex): void;
export function mutex_is_locked(lock: Mutex): boolean;
