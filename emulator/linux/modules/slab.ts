/** linux/slab, linux/vmalloc, linux/string and linux/mm: the kernel's own memory. */
import type * as mm from "linux/mm";
import type * as slab from "linux/slab";
import type * as string from "linux/string";
import type { KernelMem } from "linux/types";
import type * as vmalloc from "linux/vmalloc";
import { offset, PAGE_SIZE, physical } from "../../core/address";
import { GFP, maySleep } from "../memory/gfp";
import { KernelMemory, kernelMemory } from "../memory/kernel-memory";
import { PAGE_OFFSET } from "../pages";
import type { RunningKernel } from "../running-kernel";

export function slabModule({ services }: RunningKernel): typeof slab {
  const { heap, memory, context } = services;
  const kmalloc = (size: number, flags: number) => {
    if (maySleep(flags)) context.mightSleep("kmalloc");
    const at = heap.kmalloc(size, flags);
    return at === null ? null : new KernelMemory(memory, at);
  };
  return {
    GFP_KERNEL: GFP.KERNEL,
    GFP_ATOMIC: GFP.ATOMIC,
    GFP_NOWAIT: GFP.NOWAIT,
    GFP_DMA: GFP.DMA,
    GFP_DMA32: GFP.DMA32,
    __GFP_ZERO: GFP.ZERO,
    kmalloc,
    kzalloc: (size, flags) => kmalloc(size, flags | GFP.ZERO),
    kcalloc: (n, size, flags) => kmalloc(n * size, flags | GFP.ZERO),
    kfree: (mem) => {
      if (mem === null) return;
      const wrong = heap.kfree(kernelMemory(mem).address);
      if (wrong === undefined) return;
      services.sanitizer.report("double-free", wrong, {
        level: "error",
        text: wrong,
        explanation: "Free each pointer once, with the pointer that kmalloc() returned.",
      });
    },
  };
}

export function vmallocModule({ services }: RunningKernel): typeof vmalloc {
  const { heap, memory } = services;
  const vzalloc = (size: number) => {
    const at = heap.vmalloc(size, "vmalloc");
    return at === null ? null : new KernelMemory(memory, at);
  };
  return {
    vmalloc: vzalloc,
    vzalloc,
    vfree: (mem) => {
      if (mem) heap.vfree(kernelMemory(mem).address);
    },
  };
}

export function mmModule({ services }: RunningKernel): typeof mm {
  const { dma, memory } = services;
  return {
    PAGE_SIZE,
    PAGE_SHIFT: 12,
    PAGE_ALIGN: (bytes) => Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE,
    virt_addr_valid: (mem) => dma.physicalOf(kernelMemory(mem).address) !== undefined,
    is_vmalloc_addr: (mem) => dma.physicalOf(kernelMemory(mem).address) === undefined,
    virt_to_phys: (mem) => {
      const found = dma.physicalOf(kernelMemory(mem).address);
      if (found !== undefined) return found;
      throw new RangeError(
        "virt_to_phys() is for kmalloc() memory: pages of vmalloc() lie anywhere, each elsewhere",
      );
    },
    phys_to_virt: (address) => new KernelMemory(memory, offset(PAGE_OFFSET, physical(address))),
  };
}

/** Copies between the kernel's memory and itself; to and from devices it is linux/io's. */
export function stringModule(): typeof string {
  const copy = (to: KernelMem, from: KernelMem, n: number) => {
    kernelMemory(to).write(0, kernelMemory(from).read(0, n));
    return to;
  };
  return {
    memcpy: copy,
    memmove: copy,
    memset: (mem, value, n) => {
      kernelMemory(mem).write(0, new Uint8Array(n).fill(value));
      return mem;
    },
    memcmp: (a, b, n) => {
      const [left, right] = [kernelMemory(a).read(0, n), kernelMemory(b).read(0, n)];
      const at = left.findIndex((byte, index) => byte !== right[index]);
      return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
    },
  };
}
