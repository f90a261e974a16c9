/** Kernel time (include/linux/jiffies.h). */

/** Jiffies a second. */
export const HZ: 250;
/** Jiffies since power-on. */
export function get_jiffies(): number;
/** Rounded up. */
export function msecs_to_jiffies(msecs: number): number;
export function usecs_to_jiffies(usecs: number): number;
export function jiffies_to_msecs(jiffies: number): number;
/** Nanoseconds of virtual time since power-on. */
export function ktime_get_ns(): bigint;
