/** Delays (include/linux/delay.h). Virtual time passes, and interrupts arrive, during them. */

export function ndelay(nsecs: number): void;
export function udelay(usecs: number): void;
export function mdelay(msecs: number): void;
/** Sleeps: not in an interrupt handler. */
export function usleep_range(min: number, max: number): void;
/** Sleeps: not in an interrupt handler. */
export function msleep(msecs: number): void;
/** Sleeps for seconds: not in an interrupt handler. */
export function ssleep(seconds: number): void;
/** In a polling loop: lets virtual time pass. */
export function cpu_relax(): void;
