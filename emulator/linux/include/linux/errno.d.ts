/** Error numbers (include/uapi/asm-generic/errno-base.h, errno.h). Functions return them negative. */

export const EPERM: 1;
export const ENOENT: 2;
export const EIO: 5;
export const ENXIO: 6;
export const EAGAIN: 11;
export const ENOMEM: 12;
export const EFAULT: 14;
export const EBUSY: 16;
export const EEXIST: 17;
export const ENODEV: 19;
export const EINVAL: 22;
export const ENOSPC: 28;
export const ENOSYS: 38;
export const EOVERFLOW: 75;
export const EOPNOTSUPP: 95;
export const ETIMEDOUT: 110;
