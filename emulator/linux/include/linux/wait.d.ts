/**
 * Waiting for a condition (include/linux/wait.h). C's macros take an expression; here it is a function.
 * With nothing pending that could make it true, the wait is reported as a hung task.
 */

export interface WaitQueueHead {
  readonly __wait_queue_head: never;
}

export function init_waitqueue_head(): WaitQueueHead;
export function wake_up(wq: WaitQueueHead): void;
export function wake_up_interruptible(wq: WaitQueueHead): void;
/** Returns once `condition()` holds. */
export function wait_event(wq: WaitQueueHead, condition: () => boolean): void;
/** 0 (no signal ever arrives here). */
export function wait_event_interruptible(wq: WaitQueueHead, condition: () => boolean): number;
/** Jiffies left, at least 1; 0 if the condition does not hold after `timeout` jiffies. */
export function wait_event_timeout(wq: WaitQueueHead, condition: () => boolean, timeout: number): number;
/** The same; 0 jiffies left if the condition does not hold. */
export function wait_event_interruptible_timeout(
  wq: WaitQueueHead,
  condition: () => boolean,
  timeout: number,
): number;
export function wake_up_all(wq: WaitQueueHead): void;
