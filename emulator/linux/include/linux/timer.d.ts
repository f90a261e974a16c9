/** Timers (include/linux/timer.h). Their functions run as interrupts do: they may not sleep. */
export interface TimerList<T> {
  readonly __timer: T;
}

/** A timer that calls `callback` with itself; `owner` comes back from `from_timer()`, which C finds by `container_of`. */
export function timer_setup<T>(callback: (t: TimerList<T>) => void, flags: number, owner: T): TimerList<T>;
/** Arms it for jiffy `expires` (`get_jiffies() + msecs_to_jiffies(10)`). 1 if it was armed already. */
export function mod_timer<T>(timer: TimerList<T>, expires: number): number;
/** 1 if it was armed. */
export function del_timer<T>(timer: TimerList<T>): number;
/** The same; and its function does not run any more when this returns. */
export function del_timer_sync<T>(timer: TimerList<T>): number;
export function timer_pending<T>(timer: TimerList<T>): boolean;
/** Whose timer it is. */
export function from_timer<T>(timer: TimerList<T>): T;
