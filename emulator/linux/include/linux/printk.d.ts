/** The kernel log (include/linux/printk.h). Formats: `%d %u %x %08x %#x %s %c %pR %llx %%`. */

export function printk(format: string, ...values: readonly unknown[]): void;
export function pr_info(format: string, ...values: readonly unknown[]): void;
export function pr_warn(format: string, ...values: readonly unknown[]): void;
export function pr_err(format: string, ...values: readonly unknown[]): void;
export function pr_debug(format: string, ...values: readonly unknown[]): void;
