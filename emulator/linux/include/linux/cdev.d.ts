/** Character devices of one's own and their nodes in /dev (include/linux/cdev.h, device/class.h). */
import type { Device } from "linux/device";
import type { FileOperations } from "linux/fs";

export interface Cdev {
  readonly __cdev: never;
}
export interface Class {
  readonly __class: never;
}
export interface ClassDevice {
  readonly __class_device: never;
}

/** A character device. (C initializes one in place.) `data` comes back as `inode.i_cdev_data`. */
export function cdev_init(fops: FileOperations, data?: unknown): Cdev;
/** From now on it answers for `count` numbers from `dev` on. 0. */
export function cdev_add(cdev: Cdev, dev: number, count: number): number;
export function cdev_del(cdev: Cdev): void;
export function class_create(name: string): Class;
export function class_destroy(cls: Class): void;
/** Makes `/dev/name`. */
export function device_create(
  cls: Class,
  parent: Device | null,
  devt: number,
  drvdata: unknown,
  name: string,
): ClassDevice;
export function device_destroy(cls: Class, devt: number): void;
