/** Files of a driver (include/linux/fs.h, mm.h). Where C passes `loff_t *`, the position is `file.f_pos`. */
import type { resource_size_t } from "linux/types";

export const O_RDONLY: 0;
export const O_WRONLY: 1;
export const O_RDWR: 2;
export const O_NONBLOCK: 0x800;
export const SEEK_SET: 0;
export const SEEK_CUR: 1;
export const SEEK_END: 2;

/** `void __user *`: a program's memory. It is never dereferenced: `copy_to_user()` and `copy_from_user()` take it. */
export interface UserMem {
  readonly __user: never;
  /** The same buffer, `bytes` further on. */
  plus(bytes: number): UserMem;
}

export interface Inode {
  /** Device number: `MAJOR()`, `MINOR()`. */
  readonly i_rdev: number;
  /** What `cdev_init` was given: C finds it by `container_of`. */
  readonly i_cdev_data: unknown;
}

export interface File {
  readonly f_flags: number;
  /** Where the next read or write begins; the driver moves it. */
  f_pos: number;
  /** The driver's own. */
  private_data: unknown;
}

/** A program's mapping, as it asks for it. */
export interface VmAreaStruct {
  readonly vm_start: number;
  /** The first address behind it. */
  readonly vm_end: number;
  /** Offset in the file, in pages. */
  readonly vm_pgoff: number;
  /** Bits of its page-table entries; `pgprot_noncached()` for registers. */
  vm_page_prot: number;
}

/** `struct file_operations`. What is missing fails as in Linux. Results: bytes or 0, or a negative errno. */
export interface FileOperations {
  open?(inode: Inode, file: File): number;
  release?(inode: Inode, file: File): number;
  read?(file: File, buf: UserMem, count: number): number;
  write?(file: File, buf: UserMem, count: number): number;
  llseek?(file: File, offset: number, whence: 0 | 1 | 2): number;
  /** `arg` is a number, or a program's buffer. */
  unlocked_ioctl?(file: File, cmd: number, arg: UserMem | number): number;
  mmap?(file: File, vma: VmAreaStruct): number;
}

/** A major number and 256 minors. `major` 0: returns a free one; otherwise 0, or a negative errno. */
export function register_chrdev(major: number, name: string, fops: FileOperations): number;
export function unregister_chrdev(major: number, name: string): void;
/** The first of `count` free device numbers, or a negative errno. (C returns it by pointer.) */
export function alloc_chrdev_region(baseminor: number, count: number, name: string): number;
export function register_chrdev_region(from: number, count: number, name: string): number;
export function unregister_chrdev_region(from: number, count: number): void;
export function MKDEV(major: number, minor: number): number;
export function MAJOR(dev: number): number;
export function MINOR(dev: number): number;

/** Uncached: for registers. */
export function pgprot_noncached(prot: number): number;
/** Write combining: for memory behind a BAR. */
export function pgprot_writecombine(prot: number): number;
/** Maps `size` bytes of page `pfn` at `addr` of the program. 0, or a negative errno. */
export function remap_pfn_range(
  vma: VmAreaStruct,
  addr: number,
  pfn: number,
  size: number,
  prot: number,
): number;
export function io_remap_pfn_range(
  vma: VmAreaStruct,
  addr: number,
  pfn: number,
  size: number,
  prot: number,
): number;
/** Maps what the program asks for of a device's `len` bytes at `start`, and no more. 0, or -EINVAL. */
export function vm_iomap_memory(vma: VmAreaStruct, start: resource_size_t, len: number): number;
