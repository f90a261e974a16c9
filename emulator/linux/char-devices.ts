/**
 * Character devices (fs/char_dev.c, drivers/char/misc.c): what a driver registers, the nodes under /dev, and the files
 * that a user-space program has open.
 * Not modelled: permissions, several processes, signals, blocking reads that another program ends.
 */
import type { File, FileOperations, Inode, UserMem, VmAreaStruct } from "linux/fs";

const EBADF = 9;
const EBUSY = 16;
const EINVAL = 22;
const ENOENT = 2;
const ENOTTY = 25;
const ENXIO = 6;
const ESPIPE = 29;
const ENODEV = 19;
/** The first file number that is not taken: 0 to 2 are the terminal's. */
const FIRST_FILE = 3;
const MISC_MAJOR = 10;
/** Dynamic majors are given from here downwards (CHRDEV_MAJOR_DYN_END is 234). */
const LAST_DYNAMIC = 254;

interface Range {
  readonly major: number;
  readonly first: number;
  readonly count: number;
  readonly name: string;
}

interface Open {
  readonly file: File & { f_pos: number; private_data: unknown };
  readonly inode: Inode;
  readonly fops: FileOperations;
}

export class CharDevices {
  readonly #ranges: Range[] = [];
  /** By device number. */
  readonly #fops = new Map<number, FileOperations>();
  readonly #private = new Map<number, unknown>();
  /** `/dev/…` → device number. */
  readonly #nodes = new Map<string, number>();
  readonly #open = new Map<number, Open>();
  #nextMinor = 0;

  /** The first number of the range, or a negative errno. `major` 0: any. */
  claim(major: number, { first, count, name }: { first: number; count: number; name: string }): number {
    const taken = (number: number) => this.#ranges.some((it) => it.major === number);
    let chosen = major;
    for (let number = LAST_DYNAMIC; major === 0 && number > 0 && chosen === 0; number--)
      if (!taken(number)) chosen = number;
    const clash = this.#ranges.some(
      (it) => it.major === chosen && first < it.first + it.count && it.first < first + count,
    );
    if (clash || chosen === 0) return -EBUSY;
    this.#ranges.push({ major: chosen, first, count, name });
    return numberOf(chosen, first);
  }

  release(number: number, count: number): void {
    const index = this.#ranges.findIndex(
      (it) => numberOf(it.major, it.first) === number && it.count === count,
    );
    if (index >= 0) this.#ranges.splice(index, 1);
  }

  /** What answers for these numbers. */
  add(number: number, count: number, { fops, data }: { fops: FileOperations; data?: unknown }): void {
    for (let at = 0; at < count; at++) {
      this.#fops.set(number + at, fops);
      this.#private.set(number + at, data);
    }
  }

  remove(number: number, count: number): void {
    for (let at = 0; at < count; at++) this.#fops.delete(number + at);
  }

  node(name: string, number: number): void {
    this.#nodes.set(`/dev/${name}`, number);
  }

  unlink(name: string): void {
    this.#nodes.delete(`/dev/${name}`);
  }

  /** Number and node in one (misc_register). */
  misc(name: string, fops: FileOperations): number {
    const number = numberOf(MISC_MAJOR, 128 + this.#nextMinor++);
    this.add(number, 1, { fops });
    this.node(name, number);
    return number;
  }

  /** Nodes with their numbers: what `ls /dev` shows. */
  get nodes(): readonly { readonly path: string; readonly major: number; readonly minor: number }[] {
    return [...this.#nodes].map(([path, number]) => ({
      path,
      major: number >>> 20,
      minor: number & 0xfffff,
    }));
  }

  /** Numbers that drivers claimed and did not give back. */
  get claimed(): readonly { readonly major: number; readonly name: string }[] {
    return this.#ranges;
  }

  open(path: string, flags: number): number {
    const number = this.#nodes.get(path);
    if (number === undefined) return -ENOENT;
    const fops = this.#fops.get(number);
    if (!fops) return -ENXIO;
    const inode: Inode = { i_rdev: number, i_cdev_data: this.#private.get(number) };
    const opened: Open = { file: { f_flags: flags, f_pos: 0, private_data: undefined }, inode, fops };
    const error = fops.open?.(inode, opened.file) ?? 0;
    if (error < 0) return error;
    let fd = FIRST_FILE;
    while (this.#open.has(fd)) fd++;
    this.#open.set(fd, opened);
    return fd;
  }

  close(fd: number): number {
    const opened = this.#open.get(fd);
    if (!opened) return -EBADF;
    this.#open.delete(fd);
    return opened.fops.release?.(opened.inode, opened.file) ?? 0;
  }

  read(fd: number, buf: UserMem, count: number): number {
    return this.#with(fd, ({ fops, file }) => fops.read?.(file, buf, count) ?? -EINVAL);
  }

  write(fd: number, buf: UserMem, count: number): number {
    return this.#with(fd, ({ fops, file }) => fops.write?.(file, buf, count) ?? -EINVAL);
  }

  ioctl(fd: number, cmd: number, arg: UserMem | number): number {
    return this.#with(fd, ({ fops, file }) => fops.unlocked_ioctl?.(file, cmd, arg) ?? -ENOTTY);
  }

  mmap(fd: number, vma: VmAreaStruct): number {
    return this.#with(fd, ({ fops, file }) => fops.mmap?.(file, vma) ?? -ENODEV);
  }

  seek(fd: number, offset: number, whence: 0 | 1 | 2): number {
    return this.#with(fd, ({ fops, file }) => {
      if (fops.llseek) return fops.llseek(file, offset, whence);
      if (whence === 2) return -ESPIPE;
      const at = whence === 1 ? file.f_pos + offset : offset;
      if (at < 0) return -EINVAL;
      file.f_pos = at;
      return at;
    });
  }

  #with(fd: number, run: (opened: Open) => number): number {
    const opened = this.#open.get(fd);
    return opened ? run(opened) : -EBADF;
  }
}

/** MKDEV: 12 bits of major, 20 of minor. */
export function numberOf(major: number, minor: number): number {
  return major * 2 ** 20 + minor;
}
