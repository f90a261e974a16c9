/** linux/fs, linux/cdev, linux/miscdevice, linux/uaccess, linux/ioctl: a driver's side of a file. */
import type * as cdev from "linux/cdev";
import type * as header from "linux/fs";
import type { FileOperations, UserMem, VmAreaStruct } from "linux/fs";
import type * as ioctl from "linux/ioctl";
import type * as miscdevice from "linux/miscdevice";
import type { KernelMem } from "linux/types";
import type * as uaccess from "linux/uaccess";
import { PAGE_SIZE } from "../../core/address";
import { cacheBits } from "../../mmu/memory-type";
import { numberOf } from "../char-devices";
import { kernelMemory } from "../memory/kernel-memory";
import { UserBuffer } from "../memory/user-buffer";
import type { RunningKernel } from "../running-kernel";

const EFAULT = 14;
const EINVAL = 22;

export function fsModule({ services }: RunningKernel): typeof header {
  const { files } = services;
  return {
    O_RDONLY: 0,
    O_WRONLY: 1,
    O_RDWR: 2,
    O_NONBLOCK: 0x800,
    SEEK_SET: 0,
    SEEK_CUR: 1,
    SEEK_END: 2,
    MKDEV: numberOf,
    MAJOR: (dev) => Math.floor(dev / 2 ** 20),
    MINOR: (dev) => dev % 2 ** 20,
    alloc_chrdev_region: (first, count, name) => files.claim(0, { first, count, name }),
    register_chrdev_region: (from, count, name) => {
      const made = files.claim(Math.floor(from / 2 ** 20), { first: from % 2 ** 20, count, name });
      return Math.min(made, 0);
    },
    unregister_chrdev_region: (from, count) => files.release(from, count),
    register_chrdev: (major, name, fops) => {
      const number = files.claim(major, { first: 0, count: 256, name });
      if (number < 0) return number;
      files.add(number, 256, { fops });
      return major === 0 ? Math.floor(number / 2 ** 20) : 0;
    },
    unregister_chrdev: (major) => {
      files.remove(numberOf(major, 0), 256);
      files.release(numberOf(major, 0), 256);
    },
    ...mapping(services),
  };
}

/** What a driver's mmap does with a program's wish. */
function mapping({ userSpace }: RunningKernel["services"]) {
  const remap = (
    _vma: VmAreaStruct,
    addr: number,
    pfn: number,
    ...how: readonly [size: number, prot: number]
  ) => userSpace.map(addr, pfn * PAGE_SIZE, { size: how[0], prot: how[1] });
  return {
    pgprot_noncached: (prot: number) => (prot & ~0x98) | cacheBits("UC-", 1),
    pgprot_writecombine: (prot: number) => (prot & ~0x98) | cacheBits("WC", 1),
    remap_pfn_range: remap,
    io_remap_pfn_range: remap,
    vm_iomap_memory: (vma: VmAreaStruct, start: number, len: number) => {
      const size = vma.vm_end - vma.vm_start;
      const from = start + vma.vm_pgoff * PAGE_SIZE;
      if (from + size > Math.ceil((start + len) / PAGE_SIZE) * PAGE_SIZE) return -EINVAL;
      return userSpace.map(vma.vm_start, from, { size, prot: vma.vm_page_prot });
    },
  };
}

export function cdevModule({ services: { files } }: RunningKernel): typeof cdev {
  interface Made {
    readonly fops: FileOperations;
    readonly data: unknown;
    number: number;
    count: number;
  }
  const inside = (given: cdev.Cdev) => given as unknown as Made;
  return {
    cdev_init: (fops, data) => ({ fops, data, number: 0, count: 0 }) as unknown as cdev.Cdev,
    cdev_add: (given, dev, count) => {
      const it = inside(given);
      Object.assign(it, { number: dev, count });
      files.add(dev, count, it);
      return 0;
    },
    cdev_del: (given) => files.remove(inside(given).number, inside(given).count),
    class_create: (name) => ({ name }) as unknown as cdev.Class,
    class_destroy: () => undefined,
    device_create: (_class, _parent, dev, _data, name) => {
      files.node(name, dev);
      return { name, dev } as unknown as cdev.ClassDevice;
    },
    device_destroy: (_class, dev) => {
      for (const { path, major, minor } of files.nodes)
        if (numberOf(major, minor) === dev) files.unlink(path.replace("/dev/", ""));
    },
  };
}

export function miscdeviceModule({ services: { files } }: RunningKernel): typeof miscdevice {
  const numbers = new Map<miscdevice.MiscDevice, number>();
  return {
    MISC_DYNAMIC_MINOR: 255,
    misc_register: (device) => {
      numbers.set(device, files.misc(device.name, device.fops));
      return 0;
    },
    misc_deregister: (device) => {
      const number = numbers.get(device);
      if (number === undefined) return;
      numbers.delete(device);
      files.remove(number, 1);
      files.unlink(device.name);
    },
  };
}

export function uaccessModule({ services: { context } }: RunningKernel): typeof uaccess {
  const bufferOf = (mem: UserMem | number): UserBuffer | undefined =>
    mem instanceof UserBuffer ? mem : undefined;
  /** Bytes that were not copied: behind the end of the program's buffer, or all of a bad pointer. */
  const copy = (mem: UserMem | number, n: number, move: (buffer: UserBuffer, bytes: number) => void) => {
    context.mightSleep("copy_to_user");
    const buffer = bufferOf(mem);
    const bytes = Math.min(n, buffer?.left ?? 0);
    if (buffer) move(buffer, bytes);
    return n - bytes;
  };
  return {
    copy_to_user: (to, from: KernelMem, n) =>
      copy(to, n, (buffer, bytes) => buffer.store(kernelMemory(from).read(0, bytes))),
    copy_from_user: (to: KernelMem, from, n) =>
      copy(from, n, (buffer, bytes) => kernelMemory(to).write(0, buffer.load(bytes))),
    put_user: (value, to) => {
      const bytes = new Uint8Array(new Uint32Array([value]).buffer);
      return copy(to, 4, (buffer, n) => buffer.store(bytes.subarray(0, n))) ? -EFAULT : 0;
    },
    get_user: (from) => {
      const bytes = new Uint8Array(4);
      const left = copy(from, 4, (buffer, n) => bytes.set(buffer.load(n)));
      return left ? { err: -EFAULT, val: 0 } : { err: 0, val: new Uint32Array(bytes.buffer)[0] ?? 0 };
    },
    access_ok: (mem, n) => (bufferOf(mem)?.left ?? 0) >= n,
  };
}

const DIRECTION = { NONE: 0, WRITE: 1, READ: 2 } as const;

/** Numbers of commands (include/uapi/asm-generic/ioctl.h). */
export const ioctlModule: typeof ioctl = {
  _IO: (type, nr) => command(DIRECTION.NONE, type, { nr, size: 0 }),
  _IOR: (type, nr, size) => command(DIRECTION.READ, type, { nr, size }),
  _IOW: (type, nr, size) => command(DIRECTION.WRITE, type, { nr, size }),
  _IOWR: (type, nr, size) => command(DIRECTION.READ | DIRECTION.WRITE, type, { nr, size }),
  _IOC_NR: (cmd) => cmd & 0xff,
  _IOC_TYPE: (cmd) => (cmd >>> 8) & 0xff,
  _IOC_SIZE: (cmd) => (cmd >>> 16) & 0x3fff,
};

function command(direction: number, type: string, { nr, size }: { nr: number; size: number }): number {
  return ((direction << 30) | (size << 16) | (type.charCodeAt(0) << 8) | nr) >>> 0;
}
