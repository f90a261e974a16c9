import type * as Cdev from "linux/cdev";
import type * as Fs from "linux/fs";
import type * as Ioctl from "linux/ioctl";
import type * as Misc from "linux/miscdevice";
import type * as Uaccess from "linux/uaccess";
import type * as Unistd from "linux/unistd";
import { beforeEach, describe, expect, test } from "vitest";
import { type DriverBench, driverBench } from "../../support/driver";

let bench: DriverBench;
let fs: typeof Fs;
let user: typeof Unistd;
let uaccess: typeof Uaccess;
let ioctls: typeof Ioctl;

beforeEach(() => {
  bench = driverBench("demo");
  fs = bench.module("linux/fs");
  user = bench.module("linux/unistd");
  uaccess = bench.module("linux/uaccess");
  ioctls = bench.module("linux/ioctl");
});

/** A file that keeps what is written to it. */
function keeper(): Fs.FileOperations {
  const store = bench.slab.kzalloc(64, bench.slab.GFP_KERNEL);
  if (!store) throw new Error("no memory");
  let kept = 0;
  return {
    write: (file, buf, count) => {
      if (uaccess.copy_from_user(store, buf, count)) return -14;
      kept = count;
      file.f_pos += count;
      return count;
    },
    read: (file, buf, count) => {
      const n = Math.min(count, kept - file.f_pos);
      if (n <= 0) return 0;
      if (uaccess.copy_to_user(buf, store.plus(file.f_pos), n)) return -14;
      file.f_pos += n;
      return n;
    },
    unlocked_ioctl: (_file, cmd, arg) => (cmd === ioctls._IOR("k", 1, 4) ? uaccess.put_user(kept, arg) : -25),
  };
}

describe("a file of a driver", () => {
  beforeEach(() => {
    const misc = bench.module<typeof Misc>("linux/miscdevice");
    misc.misc_register({ minor: misc.MISC_DYNAMIC_MINOR, name: "keeper", fops: keeper() });
  });

  test("is opened by its node, written, read from where it stands, and closed", () => {
    const fd = user.open("/dev/keeper", fs.O_RDWR);
    expect(fd).toBe(3);
    expect(user.write(fd, "hello")).toBe(5);
    expect(user.lseek(fd, 1, fs.SEEK_SET)).toBe(1);
    const buf = new Uint8Array(8);
    expect(user.read(fd, buf)).toBe(4);
    expect(String.fromCharCode(...buf.subarray(0, 4))).toBe("ello");
    expect(user.read(fd, buf)).toBe(0);
    expect(user.close(fd)).toBe(0);
  });

  test("answers an ioctl, and -ENOTTY to one that it does not know", () => {
    const fd = user.open("/dev/keeper", fs.O_RDWR);
    user.write(fd, new Uint8Array(7));
    const answer = new Uint8Array(4);
    expect(user.ioctl(fd, ioctls._IOR("k", 1, 4), answer)).toBe(0);
    expect(answer[0]).toBe(7);
    expect(user.ioctl(fd, ioctls._IO("k", 2))).toBe(-25);
    expect(ioctls._IOR("k", 1, 4)).toBe(0x80046b01);
  });

  test("fails as in Linux: no such file, a closed number, a pointer that is too short, no mmap", () => {
    expect(user.open("/dev/none", 0)).toBe(-2);
    expect(user.read(9, new Uint8Array(1))).toBe(-9);
    const fd = user.open("/dev/keeper", fs.O_RDWR);
    expect(user.ioctl(fd, ioctls._IOR("k", 1, 4), new Uint8Array(2))).toBe(-14);
    expect(user.mmap(fd, 4096, 1, 0)).toBe(-19);
  });
});

describe("device numbers", () => {
  test("are given from 254 downwards, and a node leads to them", () => {
    const cdev = bench.module<typeof Cdev>("linux/cdev");
    const first = fs.alloc_chrdev_region(0, 2, "pair");
    expect([fs.MAJOR(first), fs.MINOR(first)]).toEqual([254, 0]);
    expect(fs.register_chrdev_region(fs.MKDEV(254, 1), 1, "other")).toBe(-16);
    const seen: unknown[] = [];
    const device = cdev.cdev_init({ open: (inode) => seen.push(inode.i_cdev_data) * 0 }, "mine");
    cdev.cdev_add(device, first, 2);
    cdev.device_create(cdev.class_create("pair"), null, first + 1, null, "pair1");
    expect(user.open("/dev/pair1", 0)).toBe(3);
    expect(seen).toEqual(["mine"]);
    cdev.cdev_del(device);
    expect(user.open("/dev/pair1", 0)).toBe(-6);
  });
});

describe("mmap of a BAR", () => {
  function mapped(length: number) {
    let result: Unistd.UserMapping | number = 0;
    bench.bind((pdev) => {
      bench.pci.pci_enable_device(pdev);
      bench.pci.pci_request_regions(pdev, "test");
      const start = bench.pci.pci_resource_start(pdev, 0);
      const fops: Fs.FileOperations = {
        mmap: (_file, vma) => {
          vma.vm_page_prot = fs.pgprot_noncached(vma.vm_page_prot);
          return fs.vm_iomap_memory(vma, start, 4096);
        },
      };
      fs.register_chrdev(240, "edu", fops);
      const cdev = bench.module<typeof Cdev>("linux/cdev");
      cdev.device_create(cdev.class_create("edu"), null, fs.MKDEV(240, 0), null, "edu");
      result = user.mmap(user.open("/dev/edu", fs.O_RDWR), length, 3, 0);
      return 0;
    });
    return result as Unistd.UserMapping | number;
  }

  test("puts the registers into the program's half of the address space", () => {
    const regs = mapped(4096);
    if (typeof regs === "number") throw new Error(`errno ${regs}`);
    expect(regs.getUint32(0)).toBe(0x010000ed);
    regs.setUint32(4, 0x12345678);
    expect(regs.getUint32(4)).toBe(0xedcba987);
    user.munmap(regs);
    expect(() => regs.getUint32(0)).toThrow(/unable to handle page fault for address: 00007f/);
  });

  test("is refused where it asks for more than there is", () => {
    expect(mapped(8192)).toBe(-22);
  });
});
