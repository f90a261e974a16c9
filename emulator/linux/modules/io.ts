/** linux/io: mappings, and what is done with them. The accessors themselves are in `mmio.ts` and `iomap.ts`. */
import type * as header from "linux/io";
import type { IoMem, KernelMem } from "linux/types";
import { offset, physical } from "../../core/address";
import type { MemoryType } from "../../mmu/memory-type";
import { KernelMemory, kernelMemory } from "../memory/kernel-memory";
import { PAGE_OFFSET } from "../pages";
import type { RunningKernel } from "../running-kernel";
import type { Mapper } from "../vmalloc";
import { cookieOf, toIoMem } from "./cookie";
import { iomapReads, iomapWrites, ports } from "./iomap";
import { reads, writes } from "./mmio";

const MEMREMAP = { WB: 1, WT: 2, WC: 4 } as const;

export function ioModule(kernel: RunningKernel): typeof header {
  const { machine } = kernel;
  const device = { ...reads(machine), ...writes(machine), ...iomapReads(kernel), ...iomapWrites(kernel) };
  return {
    ...device,
    ...ports(machine.portMap),
    ...mappings(kernel),
    ...blocks(device),
    ...repeated(device),
    memremap: (start, size, flags) => memremap(kernel, { start, size, flags }),
    memunmap: (mem) => memunmap(kernel, mem),
    MEMREMAP_WB: MEMREMAP.WB,
    MEMREMAP_WT: MEMREMAP.WT,
    MEMREMAP_WC: MEMREMAP.WC,
    wmb: () => undefined,
    rmb: () => undefined,
    mb: () => undefined,
    dma_wmb: () => undefined,
    dma_rmb: () => undefined,
  };
}

function mappings(kernel: RunningKernel) {
  const map = (by: Mapper, type: MemoryType) => (start: number, size: number) => {
    const mapped = ioremap(kernel, { start, size, by, type });
    return mapped === null ? null : toIoMem(mapped);
  };
  return {
    ioremap: map("ioremap", "UC-"),
    ioremap_uc: map("ioremap", "UC"),
    ioremap_wc: map("ioremap_wc", "WC"),
    ioremap_wt: map("ioremap_wt", "WT"),
    ioremap_cache: map("ioremap_cache", "WB"),
    iounmap: (io: IoMem) => {
      kernel.vmalloc.iounmap(cookieOf(io).address);
      kernel.changed();
    },
  };
}

interface Wanted {
  readonly start: number;
  readonly size: number;
  readonly by: Mapper;
  readonly type: MemoryType;
}

function ioremap(kernel: RunningKernel, { start, size, by, type }: Wanted) {
  const { vmalloc, services } = kernel;
  const at = physical(start);
  const mapped = vmalloc.ioremap(at, { bytes: size, owner: kernel.owner, type, by });
  kernel.changed();
  if (mapped !== null) services.checks.mapped(vmalloc.areaAt(mapped), type);
  else if (size > 0 && vmalloc.ramIn(at, size) !== "none") services.checks.ramMapped(at, by);
  return mapped;
}

/** RAM comes by the direct map, anything else by ioremap with the first type that the flags allow (kernel/iomem.c). */
function memremap(
  kernel: RunningKernel,
  { start, size, flags }: { start: number; size: number; flags: number },
) {
  const { vmalloc, kernelLog, services } = kernel;
  const at = physical(start);
  const ram = vmalloc.ramIn(at, size);
  const place = `0x${start.toString(16).padStart(16, "0")} size: 0x${size.toString(16)}`;
  if (ram === "some") kernelLog.warn(`memremap attempted on mixed range ${place}`);
  if (!flags || ram === "some") return null;
  if (ram === "all" && flags & MEMREMAP.WB)
    return new KernelMemory(services.memory, offset(PAGE_OFFSET, start));
  if (ram === "all") {
    kernelLog.warn(`memremap attempted on ram ${place}`);
    return null;
  }
  const type: MemoryType = flags & MEMREMAP.WB ? "WB" : flags & MEMREMAP.WT ? "WT" : "WC";
  const mapped = ioremap(kernel, { start, size, by: "memremap", type });
  return mapped === null ? null : new KernelMemory(services.memory, mapped);
}

function memunmap(kernel: RunningKernel, mem: KernelMem): void {
  const { address } = kernelMemory(mem);
  if (kernel.vmalloc.areaAt(address)) kernel.vmalloc.iounmap(address);
  kernel.changed();
}

type Device = ReturnType<typeof reads> &
  ReturnType<typeof writes> &
  ReturnType<typeof iomapReads> &
  ReturnType<typeof iomapWrites>;

/** Copies between device memory and the kernel's: in words where both sides are aligned, as the kernel's copies are. */
function blocks({ readb, readl, writeb, writel }: Device) {
  return {
    memcpy_fromio: (to: KernelMem, from: IoMem, n: number) => {
      const words = n - (n % 4);
      for (let at = 0; at < words; at += 4) to.setUint32(at, readl(from, at));
      for (let at = words; at < n; at++) to.setUint8(at, readb(from, at));
    },
    memcpy_toio: (to: IoMem, from: KernelMem, n: number) => {
      const words = n - (n % 4);
      for (let at = 0; at < words; at += 4) writel(from.getUint32(at), to, at);
      for (let at = words; at < n; at++) writeb(from.getUint8(at), to, at);
    },
    memset_io: (io: IoMem, value: number, n: number) => {
      for (let at = 0; at < n; at++) writeb(value, io, at);
    },
  };
}

/** One register, many times: a FIFO. */
function repeated({ ioread8, ioread16, ioread32, iowrite8, iowrite16, iowrite32 }: Device) {
  return {
    ioread8_rep: (io: IoMem, to: KernelMem, count: number) => {
      for (let at = 0; at < count; at++) to.setUint8(at, ioread8(io));
    },
    ioread16_rep: (io: IoMem, to: KernelMem, count: number) => {
      for (let at = 0; at < count; at++) to.setUint16(at * 2, ioread16(io));
    },
    ioread32_rep: (io: IoMem, to: KernelMem, count: number) => {
      for (let at = 0; at < count; at++) to.setUint32(at * 4, ioread32(io));
    },
    iowrite8_rep: (io: IoMem, from: KernelMem, count: number) => {
      for (let at = 0; at < count; at++) iowrite8(from.getUint8(at), io);
    },
    iowrite16_rep: (io: IoMem, from: KernelMem, count: number) => {
      for (let at = 0; at < count; at++) iowrite16(from.getUint16(at * 2), io);
    },
    iowrite32_rep: (io: IoMem, from: KernelMem, count: number) => {
      for (let at = 0; at < count; at++) iowrite32(from.getUint32(at * 4), io);
    },
  };
}
