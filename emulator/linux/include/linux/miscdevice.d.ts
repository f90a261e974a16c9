/** A character device in one call (include/linux/miscdevice.h). */
import type { FileOperations } from "linux/fs";

export const MISC_DYNAMIC_MINOR: 255;

export interface MiscDevice {
  readonly minor: number;
  /** The node: `/dev/name`. */
  readonly name: string;
  readonly fops: FileOperations;
}

/** 0, or a negative errno. */
export function misc_register(misc: MiscDevice): number;
export function misc_deregister(misc: MiscDevice): void;
