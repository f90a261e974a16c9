/** Waiting until somebody is done (include/linux/completion.h). */
export interface Completion {
  readonly __completion: never;
}

/** Not done yet. (C initializes one in place.) */
export function init_completion(): Completion;
/** Not done again. */
export function reinit_completion(x: Completion): void;
/** Lets one waiter go; from an interrupt handler, too. */
export function complete(x: Completion): void;
/** Lets all go, for good. */
export function complete_all(x: Completion): void;
export function completion_done(x: Completion): boolean;
/** Sleeps until it is done. */
export function wait_for_completion(x: Completion): void;
/** Jiffies left, at least 1; 0 if it is not done after `timeout` jiffies. */
export function wait_for_completion_timeout(x: Completion, timeout: number): number;
