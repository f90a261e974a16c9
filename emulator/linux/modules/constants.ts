/** linux/errno, linux/bits, linux/err and linux/kernel: values and what is done with them. */
import type * as bits from "linux/bits";
import type * as err from "linux/err";
import type * as errno from "linux/errno";
import type * as kernel from "linux/kernel";
import type { RunningKernel } from "../running-kernel";
import { vsprintf } from "../vsprintf";

// biome-ignore format: a table
export const errnoModule: typeof errno = {
  EPERM: 1, ENOENT: 2, ESRCH: 3, EINTR: 4, EIO: 5, ENXIO: 6,
  E2BIG: 7, ENOEXEC: 8, EBADF: 9, ECHILD: 10, EAGAIN: 11, ENOMEM: 12,
  EACCES: 13, EFAULT: 14, ENOTBLK: 15, EBUSY: 16, EEXIST: 17, EXDEV: 18,
  ENODEV: 19, ENOTDIR: 20, EISDIR: 21, EINVAL: 22, ENFILE: 23, EMFILE: 24,
  ENOTTY: 25, ETXTBSY: 26, EFBIG: 27, ENOSPC: 28, ESPIPE: 29, EROFS: 30,
  EMLINK: 31, EPIPE: 32, EDOM: 33, ERANGE: 34, EDEADLK: 35, ENOSYS: 38,
  ENODATA: 61, ETIME: 62, EPROTO: 71, EBADMSG: 74, EOVERFLOW: 75, EMSGSIZE: 90,
  EOPNOTSUPP: 95, ENOBUFS: 105, EISCONN: 106, ENOTCONN: 107, ESHUTDOWN: 108, ETIMEDOUT: 110,
  EHOSTDOWN: 112, EALREADY: 114, EINPROGRESS: 115, EREMOTEIO: 121, ECANCELED: 125, ERESTARTSYS: 512,
  EPROBE_DEFER: 517, ENOTSUPP: 524,
};

export const bitsModule: typeof bits = {
  BIT: (nr) => (1 << nr) >>> 0,
  GENMASK: (h, l) => ((0xffffffff >>> (31 - h)) & (0xffffffff << l)) >>> 0,
  FIELD_GET: (mask, value) => ((value & mask) >>> lowest(mask)) >>> 0,
  BIT_ULL: (nr) => 1n << BigInt(nr),
  GENMASK_ULL: (h, l) => ((1n << BigInt(h - l + 1)) - 1n) << BigInt(l),
  BITS_PER_BYTE: 8,
  FIELD_PREP: (mask, value) => ((value << lowest(mask)) & mask) >>> 0,
};

function lowest(mask: number): number {
  return 31 - Math.clz32(mask & -mask);
}

class ErrorPointer {
  readonly __error: number;

  constructor(error: number) {
    this.__error = error;
  }
}

const isErr = (ptr: unknown): ptr is err.ErrPtr => ptr instanceof ErrorPointer;

export const errModule: typeof err = {
  ERR_PTR: (error) => new ErrorPointer(error),
  IS_ERR: isErr,
  IS_ERR_OR_NULL: (ptr): ptr is err.ErrPtr | null => ptr === null || isErr(ptr),
  PTR_ERR: ({ __error }) => __error,
  PTR_ERR_OR_ZERO: (ptr) => (isErr(ptr) ? ptr.__error : 0),
};

export function kernelModule({ kernelLog }: RunningKernel): typeof kernel {
  const warn = (condition: boolean, text: string) => {
    if (condition) kernelLog.warn(`WARNING: ${text}`);
    return condition;
  };
  return {
    lower_32_bits: (n) => Number(n & 0xffffffffn),
    upper_32_bits: (n) => Number((n >> 32n) & 0xffffffffn),
    ALIGN: (x, a) => Math.ceil(x / a) * a,
    ALIGN_DOWN: (x, a) => Math.floor(x / a) * a,
    IS_ALIGNED: (x, a) => x % a === 0,
    DIV_ROUND_UP: (n, d) => Math.ceil(n / d),
    roundup: (x, y) => Math.ceil(x / y) * y,
    min: Math.min,
    max: Math.max,
    clamp: (value, low, high) => Math.min(Math.max(value, low), high),
    WARN_ON: (condition) => warn(condition, "a WARN_ON() of the driver holds"),
    WARN: (condition, format, ...values) => warn(condition, vsprintf(format, values)),
  };
}
