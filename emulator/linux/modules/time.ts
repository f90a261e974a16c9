/** linux/delay, linux/jiffies and linux/wait: how virtual time passes for a driver. */
import type * as delay from "linux/delay";
import type * as iopoll from "linux/iopoll";
import type * as jiffies from "linux/jiffies";
import type * as wait from "linux/wait";
import type { Clock } from "../../core/clock";
import type { RunningKernel } from "../running-kernel";
import { reads } from "./mmio";

const ETIMEDOUT = 110;
const US = 1000;
const MS = 1_000_000;
const HZ = 250;
/** Nanoseconds. */
export const JIFFY = 1_000_000_000 / HZ;
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

export function iopollModule(kernel: RunningKernel): typeof iopoll {
  const { clock } = kernel.machine;
  const { services } = kernel;
  const { readl } = reads(kernel.machine);
  const poll = <T>(op: () => T, cond: (val: T) => boolean, wait: (us: number) => void, times: Times) => {
    const deadline = clock.now + times.timeout * US;
    for (;;) {
      const val = op();
      if (cond(val)) return { err: 0, val };
      if (times.timeout > 0 && clock.now > deadline) {
        const last = op();
        return { err: cond(last) ? 0 : -ETIMEDOUT, val: last };
      }
      wait(times.between);
    }
  };
  const sleep = (us: number) => services.sleep(Math.max(RELAX_NS, us * US));
  const spin = (us: number) => kernel.passTime(Math.max(RELAX_NS, us * US));
  const sleeping = <T>(name: string, op: () => T, cond: (val: T) => boolean, times: Times) => {
    if (times.between > 0) services.context.mightSleep(name);
    return poll(op, cond, sleep, times);
  };
  return {
    readl_poll_timeout: (addr, off, cond, between, timeout) =>
      sleeping("readl_poll_timeout", () => readl(addr, off), cond, { between, timeout }),
    readl_poll_timeout_atomic: (addr, off, cond, between, timeout) =>
      poll(() => readl(addr, off), cond, spin, { between, timeout }),
    read_poll_timeout: (op, cond, between, timeout) =>
      sleeping("read_poll_timeout", op, cond, { between, timeout }),
  };
}

/** Microseconds. */
interface Times {
  readonly between: number;
  readonly timeout: number;
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

/** How a task waits: others run meanwhile, and time goes on to the next thing that happens. */
export interface Waiting {
  readonly clock: Clock;
  /** Whether the condition came true before the deadline, in nanoseconds. Throws where nothing can make it true. */
  waitUntil(name: string, condition: () => boolean, deadline: number | undefined): boolean;
}

export function waiting(kernel: RunningKernel): Waiting {
  const { clock } = kernel.machine;
  const { work, context } = kernel.services;
  return {
    clock,
    waitUntil: (name, condition, deadline) => {
      context.mightSleep(name);
      while (!condition()) {
        work.runItems();
        if (condition()) return true;
        const next = earlier(clock.next, work.nextItem);
        if (next === undefined && deadline === undefined) throw new HungTask();
        if (deadline !== undefined && clock.now >= deadline) return false;
        const until = earlier(next, deadline) ?? clock.now;
        kernel.passTime(Math.max(1, until - clock.now));
      }
      return true;
    },
  };
}

export function waitModule({ clock, waitUntil }: Waiting): typeof wait {
  const timed = (name: string, condition: () => boolean, timeout: number) => {
    const deadline = clock.now + timeout * JIFFY;
    const holds = waitUntil(name, condition, deadline);
    return holds ? Math.max(1, Math.floor((deadline - clock.now) / JIFFY)) : 0;
  };
  return {
    init_waitqueue_head: () => ({}) as wait.WaitQueueHead,
    wake_up: () => undefined,
    wake_up_all: () => undefined,
    wake_up_interruptible: () => undefined,
    wait_event: (_queue, condition) => void waitUntil("wait_event", condition, undefined),
    wait_event_interruptible: (_queue, condition) => {
      waitUntil("wait_event_interruptible", condition, undefined);
      return 0;
    },
    wait_event_timeout: (_queue, condition, timeout) => timed("wait_event_timeout", condition, timeout),
    wait_event_interruptible_timeout: (_queue, condition, timeout) =>
      timed("wait_event_interruptible_timeout", condition, timeout),
  };
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
