/** Work for later, in a task of its own: it may sleep (include/linux/workqueue.h). */
export interface WorkStruct<T = unknown> {
  readonly __work: never;
  /** What `INIT_WORK` was given: C finds it by `container_of`. */
  readonly owner: T;
}
export interface DelayedWork<T = unknown> {
  readonly __delayed_work: never;
  readonly owner: T;
}
export interface WorkqueueStruct {
  readonly __workqueue: never;
}

/** Work that calls `func` with itself. (C initializes one in place.) */
export function INIT_WORK<T>(func: (work: WorkStruct<T>) => void, owner: T): WorkStruct<T>;
export function INIT_DELAYED_WORK<T>(func: (work: DelayedWork<T>) => void, owner: T): DelayedWork<T>;
/** Queues it; false if it waits already. From an interrupt handler, too. */
export function schedule_work<T>(work: WorkStruct<T>): boolean;
/** The same, `delay` jiffies from now. */
export function schedule_delayed_work<T>(work: DelayedWork<T>, delay: number): boolean;
/** Takes it back, or waits until it is over. True if it waited. */
export function cancel_work_sync<T>(work: WorkStruct<T>): boolean;
export function cancel_delayed_work_sync<T>(work: DelayedWork<T>): boolean;
/** Waits until it has run. */
export function flush_work<T>(work: WorkStruct<T>): void;
export function flush_delayed_work<T>(work: DelayedWork<T>): void;
/** A queue of one's own. `max_active` makes no difference here: one task runs at a time. */
export function alloc_workqueue(name: string, flags: number, max_active: number): WorkqueueStruct;
export function destroy_workqueue(wq: WorkqueueStruct): void;
export function queue_work<T>(wq: WorkqueueStruct, work: WorkStruct<T>): boolean;
export function queue_delayed_work<T>(wq: WorkqueueStruct, work: DelayedWork<T>, delay: number): boolean;
