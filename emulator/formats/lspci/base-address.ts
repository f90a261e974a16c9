/** Base addresses as Linux knows them; with -b, as the registers hold them. */
import type { SysfsDevice } from "../../linux/sysfs";

const BARS = 6;
/** include/linux/ioport.h */
const IO = 0x100;

/** Some BAR has a memory address. */
export function hasMemoryBar({ resource }: SysfsDevice): boolean {
  return resource.slice(0, BARS).some(({ start, flags }) => (start !== 0 || flags !== 0) && !(flags & IO));
}
