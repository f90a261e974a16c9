/** linux/mutex, linux/spinlock, linux/completion, linux/timer, linux/workqueue: who waits for whom, and what runs later. */
import type * as completion from "linux/completion";
import type * as mutex from "linux/mutex";
import type * as spinlock from "linux/spinlock";
import type * as timer from "linux/timer";
import type * as workqueue from "linux/workqueue";
import type { RunningKernel } from "../running-kernel";
import type { Scheduled } from "../work";
import { JIFFY, type Waiting } from "./time";

const HELD = "a spinlock is held";

interface Lock {
  held: boolean;
}

/** One task runs at a time: a lock that is held already is held by the caller itself, and would never be free. */
class Deadlock extends Error {
  constructor(what: string) {
    super(`INFO: task insmod blocked: ${what} is taken by the one who waits for it`);
    this.name = "Deadlock";
  }
}

export function mutexModule({ services: { context } }: RunningKernel): typeof mutex {
  const inside = (lock: mutex.Mutex) => lock as unknown as Lock;
  const lock = (given: mutex.Mutex) => {
    context.mightSleep("mutex_lock");
    if (inside(given).held) throw new Deadlock("the mutex");
    inside(given).held = true;
  };
  return {
    mutex_init: () => ({ held: false }) as unknown as mutex.Mutex,
    mutex_lock: lock,
    mutex_lock_interruptible: (given) => {
      lock(given);
      return 0;
    },
    mutex_trylock: (given) => {
      const free = !inside(given).held;
      inside(given).held = true;
      return free ? 1 : 0;
    },
    mutex_unlock: (given) => {
      inside(given).held = false;
    },
    mutex_is_locked: (given) => inside(given).held,
  };
}

export function spinlockModule({ irq, services: { context } }: RunningKernel): typeof spinlock {
  const inside = (lock: spinlock.SpinLock) => lock as unknown as Lock;
  const take = (given: spinlock.SpinLock) => {
    if (inside(given).held) throw new Deadlock("the spinlock");
    inside(given).held = true;
    context.enter(HELD);
  };
  const give = (given: spinlock.SpinLock) => {
    inside(given).held = false;
    context.leave(HELD);
  };
  return {
    spin_lock_init: () => ({ held: false }) as unknown as spinlock.SpinLock,
    spin_lock: take,
    spin_unlock: give,
    spin_lock_irq: (given) => {
      irq.hold();
      take(given);
    },
    spin_unlock_irq: (given) => {
      give(given);
      irq.unhold();
    },
    spin_lock_irqsave: (given) => {
      irq.hold();
      take(given);
      return 0;
    },
    spin_unlock_irqrestore: (given, _flags) => {
      give(given);
      irq.unhold();
    },
  };
}

export function completionModule({ waitUntil, clock }: Waiting): typeof completion {
  interface Done {
    count: number;
  }
  const inside = (given: completion.Completion) => given as unknown as Done;
  const take = (given: completion.Completion) => {
    const it = inside(given);
    if (it.count !== Number.POSITIVE_INFINITY) it.count--;
  };
  return {
    init_completion: () => ({ count: 0 }) as unknown as completion.Completion,
    reinit_completion: (given) => {
      inside(given).count = 0;
    },
    complete: (given) => {
      inside(given).count++;
    },
    complete_all: (given) => {
      inside(given).count = Number.POSITIVE_INFINITY;
    },
    completion_done: (given) => inside(given).count > 0,
    wait_for_completion: (given) => {
      waitUntil("wait_for_completion", () => inside(given).count > 0, undefined);
      take(given);
    },
    wait_for_completion_timeout: (given, timeout) => {
      const deadline = clock.now + timeout * JIFFY;
      const name = "wait_for_completion_timeout";
      if (!waitUntil(name, () => inside(given).count > 0, deadline)) return 0;
      take(given);
      return Math.max(1, Math.floor((deadline - clock.now) / JIFFY));
    },
  };
}

interface Armed {
  readonly owner: unknown;
  readonly run: (it: never) => void;
  waiting: Scheduled | undefined;
  running: boolean;
}

export function timerModule({ services: { work }, machine: { clock } }: RunningKernel): typeof timer {
  const inside = (given: object) => given as unknown as Armed;
  const cancel = (given: object) => {
    const { waiting } = inside(given);
    inside(given).waiting = undefined;
    return waiting !== undefined && work.cancel(waiting) ? 1 : 0;
  };
  return {
    timer_setup: (callback, _flags, owner) =>
      ({ owner, run: callback, waiting: undefined, running: false }) as never,
    mod_timer: (given, expires) => {
      const active = cancel(given);
      const it = inside(given);
      it.waiting = work.after(Math.max(0, expires * JIFFY - clock.now), () => {
        it.waiting = undefined;
        it.run(given as never);
      });
      return active;
    },
    del_timer: cancel,
    del_timer_sync: cancel,
    timer_pending: (given) => inside(given).waiting !== undefined,
    from_timer: <T>(given: timer.TimerList<T>) => inside(given).owner as T,
  };
}

export function workqueueModule(kernel: RunningKernel): typeof workqueue {
  const { queue, cancel, flush } = items(kernel);
  const make = (owner: unknown, run: (it: never) => void) =>
    ({ owner, run, waiting: undefined, running: false }) as never;
  return {
    INIT_WORK: (run, owner) => make(owner, run),
    INIT_DELAYED_WORK: (run, owner) => make(owner, run),
    schedule_work: (given) => queue(given, 0),
    schedule_delayed_work: (given, delay) => queue(given, delay * JIFFY),
    cancel_work_sync: cancel,
    cancel_delayed_work_sync: cancel,
    flush_work: flush,
    flush_delayed_work: flush,
    alloc_workqueue: (name) => ({ name }) as never,
    destroy_workqueue: () => undefined,
    queue_work: (_wq, given) => queue(given, 0),
    queue_delayed_work: (_wq, given, delay) => queue(given, delay * JIFFY),
  };
}

/** Work items: each waits at most once. */
function items({ services, machine: { clock } }: RunningKernel) {
  const { work, context } = services;
  const inside = (given: object) => given as unknown as Armed;
  return {
    queue: (given: object, delay: number) => {
      const it = inside(given);
      if (it.waiting) return false;
      it.waiting = work.schedule(() => {
        it.waiting = undefined;
        it.run(given as never);
      }, delay);
      return true;
    },
    cancel: (given: object) => {
      context.mightSleep("cancel_work_sync");
      const { waiting } = inside(given);
      inside(given).waiting = undefined;
      return waiting !== undefined && work.cancel(waiting);
    },
    flush: (given: object) => {
      context.mightSleep("flush_work");
      for (let it = inside(given).waiting; it; it = inside(given).waiting)
        services.sleep(Math.max(1, it.at - clock.now));
    },
  };
}
