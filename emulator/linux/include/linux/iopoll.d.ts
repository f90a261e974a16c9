/**
 * Waiting for a register (include/linux/iopoll.h). C's macro takes an expression of the value; here it is a function,
 * and what C stores through a pointer is returned: `{ err: 0 or -ETIMEDOUT, val }`.
 */
import type { IoMem, u32 } from "linux/types";

/** Reads until `cond(val)` holds, sleeping `sleep_us` between; `timeout_us` 0: for ever. */
export function readl_poll_timeout(
  addr: IoMem,
  off: number,
  cond: (val: u32) => boolean,
  sleep_us: number,
  timeout_us: number,
): { readonly err: number; readonly val: u32 };
/** The same where nobody may sleep: `delay_us` between. */
export function readl_poll_timeout_atomic(
  addr: IoMem,
  off: number,
  cond: (val: u32) => boolean,
  delay_us: number,
  timeout_us: number,
): { readonly err: number; readonly val: u32 };
/** The same with any way to read. */
export function read_poll_timeout<T>(
  op: () => T,
  cond: (val: T) => boolean,
  sleep_us: number,
  timeout_us: number,
): { readonly err: number; readonly val: T };
