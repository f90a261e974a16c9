/** linux/delay, linux/jiffies and linux/wait: how virtual time passes for a driver. */
import type * as delay from "linux/delay";
import type * as jiffies from "linux/jiffies";
import type * as wait from "linux/wait";
import type { RunningKernel } from "../running-kernel";

const US = 1000;
const MS = 1_000_000;
const HZ = 250;
const JIFFY = 1_000_000_000 / HZ;
/** What a turn of a polling loop costs. */
const RELAX_NS = 40;
/** kernel/hung_task.c: the time after which a task that waits is reported. */
const HUNG_AFTER = 120;

/** Nothing that is pending can end the wait. */
export class HungTask extends Error {
  constructor() {
    super(
      `INFO: task insmod blocked for more than ${HUNG_AFTER} seconds: it waits for a condition, and no timer, transfer or interrupt is pending that could make it true`,
    );
    this.name = "HungTask";
  }
}

export function delayModule(kernel: RunningKernel): typeof delay {
  const { services } = kernel;
  const sleep = (name: string, nanoseconds: number) => {
    services.context.mightSleep(name);
    services.sleep(nanoseconds);
  };
  return {
    ndelay: (nsecs) => kernel.passTime(nsecs),
    udelay: (usecs) => kernel.passTime(usecs * US),
    mdelay: (msecs) => kernel.passTime(msecs * MS),
    usleep_range: (min) => sleep("usleep_range", min * US),
    msleep: (msecs) => sleep("msleep", msecs * MS),
    ssleep: (seconds) => sleep("ssleep", seconds * 1000 * MS),
    cpu_relax: () => kernel.passTime(RELAX_NS),
  };
}

export function jiffiesModule({ machine: { clock } }: RunningKernel): typeof jiffies {
  return {
    HZ,
    get_jiffies: () => Math.floor(clock.now / JIFFY),
    msecs_to_jiffies: (msecs) => Math.ceil((msecs * MS) / JIFFY),
    usecs_to_jiffies: (usecs) => Math.ceil((usecs * US) / JIFFY),
    jiffies_to_msecs: (count) => Math.floor((count * JIFFY) / MS),
    ktime_get_ns: () => BigInt(Math.floor(clock.now)),
  };
}

export function waitModule(kernel: RunningKernel): typeof wait {
  const { clock } = kernel.machine;
  const { work, context } = kernel.services;

  /** Waits until the condition holds or the deadline passes; whether it holds. */
  function waitUntil(condition: () => boolean, deadline: number | undefined): boolean {
    context.mightSleep("wait_event");
    while (!condition()) {
      work.runItems();
      if (condition()) return true;
      const next = earlier(clock.next, work.nextItem);
      if (next === undefined && deadline === undefined) throw new HungTask();
      const until = Math.min(next ?? Number.POSITIVE_INFINITY, deadline ?? Number.POSITIVE_INFINITY);
      if (deadline !== undefined && clock.now >= deadline) return false;
      kernel.passTime(Math.max(1, until - clock.now));
    }
    return true;
  }

  return {
    init_waitqueue_head: () => ({}) as wait.WaitQueueHead,
    wake_up: () => undefined,
    wake_up_interruptible: () => undefined,
    wait_event: (_queue, condition) => void waitUntil(condition, undefined),
    wait_event_interruptible: (_queue, condition) => {
      waitUntil(condition, undefined);
      return 0;
    },
    wait_event_timeout: (_queue, condition, timeout) => {
      const deadline = clock.now + timeout * JIFFY;
      const holds = waitUntil(condition, deadline);
      return holds ? Math.max(1, Math.floor((deadline - clock.now) / JIFFY)) : 0;
    },
  };
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
