/** Numbers of ioctl commands (include/uapi/asm-generic/ioctl.h): `_IOR("e", 1, 4)`. Where C takes a type, its size. */

export function _IO(type: string, nr: number): number;
/** The program reads `size` bytes. */
export function _IOR(type: string, nr: number, size: number): number;
/** The program writes. */
export function _IOW(type: string, nr: number, size: number): number;
export function _IOWR(type: string, nr: number, size: number): number;
export function _IOC_NR(cmd: number): number;
export function _IOC_TYPE(cmd: number): number;
export function _IOC_SIZE(cmd: number): number;
