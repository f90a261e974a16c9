/** linux/errno and linux/bits. */
import type * as bits from "linux/bits";
import type * as errno from "linux/errno";

export const errnoModule: typeof errno = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  ENXIO: 6,
  EAGAIN: 11,
  ENOMEM: 12,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ENOSPC: 28,
  ENOSYS: 38,
  EOVERFLOW: 75,
  EOPNOTSUPP: 95,
  ETIMEDOUT: 110,
};

export const bitsModule: typeof bits = {
  BIT: (nr) => (1 << nr) >>> 0,
  GENMASK: (h, l) => ((0xffffffff >>> (31 - h)) & (0xffffffff << l)) >>> 0,
  FIELD_GET: (mask, value) => ((value & mask) >>> lowest(mask)) >>> 0,
  FIELD_PREP: (mask, value) => ((value << lowest(mask)) & mask) >>> 0,
};

function lowest(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}
