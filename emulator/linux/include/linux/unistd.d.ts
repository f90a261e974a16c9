/**
 * What a user-space program calls: for `user()`, which a driver may export, and for the script of `rootport run --user`.
 * Results are the kernel's: a negative errno where it failed.
 */
import type { u8, u16, u32, u64 } from "linux/types";

/** A file number, or -ENOENT and the like. `flags`: O_RDWR of `linux/fs`. */
export function open(path: string, flags: number): number;
export function close(fd: number): number;
/** Bytes read into `buf`. */
export function read(fd: number, buf: Uint8Array): number;
/** Bytes written. Text goes as ASCII. */
export function write(fd: number, buf: Uint8Array | string): number;
export function lseek(fd: number, offset: number, whence: 0 | 1 | 2): number;
/** `arg`: a number, or a buffer that the driver copies from and to. */
export function ioctl(fd: number, cmd: number, arg?: number | Uint8Array): number;

/** The driver's memory in the program's address space; accesses go through the page tables. */
export interface UserMapping {
  readonly __mapping: never;
  /** Bytes: whole pages. */
  readonly length: number;
  getUint8(off?: number): u8;
  getUint16(off?: number): u16;
  getUint32(off?: number): u32;
  getBigUint64(off?: number): u64;
  setUint8(off: number, value: u8): void;
  setUint16(off: number, value: u16): void;
  setUint32(off: number, value: u32): void;
  setBigUint64(off: number, value: u64): void;
  read(off: number, n: number): Uint8Array;
  write(off: number, bytes: Uint8Array): void;
}

/** `prot`: 1 to read, 2 to write, 3 both. A negative errno where the driver refuses. */
export function mmap(fd: number, length: number, prot: number, offset: number): UserMapping | number;
/** Using it afterwards is a page fault. */
export function munmap(mapping: UserMapping): number;
/** Virtual time passes. */
export function usleep(usecs: number): void;
export function sleep(seconds: number): void;
