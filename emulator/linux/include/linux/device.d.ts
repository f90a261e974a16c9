/** Devices and their log lines (include/linux/device.h, dev_printk.h). */

/** `struct device`. */
export interface Device {
  readonly __device: never;
}

/** Logs `driver 0000:01:00.0: …`. Formats are printk's: `%d %u %x %08x %s %pR %llx`. */
export function dev_info(dev: Device, format: string, ...values: readonly unknown[]): void;
export function dev_warn(dev: Device, format: string, ...values: readonly unknown[]): void;
export function dev_err(dev: Device, format: string, ...values: readonly unknown[]): void;
export function dev_dbg(dev: Device, format: string, ...values: readonly unknown[]): void;
/** `0000:01:00.0` */
export function dev_name(dev: Device): string;
