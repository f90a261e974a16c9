/** linux/unistd: the system calls of a user-space program, which `user()` and `rootport run --user` are. */
import type * as header from "linux/unistd";
import { PAGE_SIZE } from "../../core/address";
import { KernelMemory } from "../memory/kernel-memory";
import { UserBuffer } from "../memory/user-buffer";
import { PROTECTION } from "../memory/user-space";
import type { RunningKernel } from "../running-kernel";

const EINVAL = 22;
const WRITABLE = 2;

export function unistdModule(kernel: RunningKernel): typeof header {
  const { files, userSpace, memory, work } = kernel.services;
  /** Whoever returns from the kernel lets the kernel's own tasks run. */
  const call = (result: number) => {
    work.runItems();
    return result;
  };
  const argument = (arg: number | Uint8Array) => (typeof arg === "number" ? arg : new UserBuffer(arg));
  return {
    open: (path, flags) => call(files.open(path, flags)),
    close: (fd) => call(files.close(fd)),
    read: (fd, buf) => call(files.read(fd, new UserBuffer(buf), buf.length)),
    write: (fd, buf) => {
      const bytes = typeof buf === "string" ? encode(buf) : buf;
      return call(files.write(fd, new UserBuffer(bytes), bytes.length));
    },
    lseek: (fd, offset, whence) => call(files.seek(fd, offset, whence)),
    ioctl: (fd, cmd, arg = 0) => call(files.ioctl(fd, cmd, argument(arg))),
    mmap: (fd, length, prot, offset) => {
      if (length <= 0 || offset % PAGE_SIZE) return -EINVAL;
      const start = userSpace.reserve(length);
      const bytes = Math.ceil(length / PAGE_SIZE) * PAGE_SIZE;
      const vm_page_prot = PROTECTION.USER | (prot & PROTECTION.WRITE ? WRITABLE : 0);
      const vma = { vm_start: start, vm_end: start + bytes, vm_pgoff: offset / PAGE_SIZE, vm_page_prot };
      const error = files.mmap(fd, vma);
      if (error < 0) return error;
      return Object.assign(new KernelMemory(memory, start), {
        length: bytes,
      }) as unknown as header.UserMapping;
    },
    munmap: (mapping) => {
      const { address, length } = mapping as unknown as KernelMemory & { length: number };
      userSpace.unmap(address, length);
      return 0;
    },
    usleep: (usecs) => kernel.services.sleep(usecs * 1000),
    sleep: (seconds) => kernel.services.sleep(seconds * 1e9),
  };
}

/** UTF-8 of plain text: a program's strings are ASCII. */
function encode(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);
}
