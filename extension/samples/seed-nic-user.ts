/**
 * A program for the driver `seed-nic.ts`: it sends a line through the driver's file, reads it back, and looks at a
 * register by itself. Run it with `rootport run seed-nic.ts --machine seed-nic --user seed-nic-user.ts`.
 */

import { O_RDWR } from "linux/fs";
import { _IOR } from "linux/ioctl";
import { pr_info } from "linux/printk";
import { close, ioctl, mmap, munmap, open, read, write } from "linux/unistd";

const NIC_GET_SENT = _IOR("N", 1, 4);

export function user(): void {
  const fd = open("/dev/nic0", O_RDWR);
  write(fd, "hello, cable");
  const line = new Uint8Array(12);
  read(fd, line);
  pr_info('user: back came "%s"', String.fromCharCode(...line));
  const sent = new Uint8Array(4);
  ioctl(fd, NIC_GET_SENT, sent);
  const regs = mmap(fd, 4096, 1, 0);
  if (typeof regs !== "number") {
    pr_info("user: %d frames sent, and register 0 is %#x", sent[0], regs.getUint32(0));
    munmap(regs);
  }
  close(fd);
}
