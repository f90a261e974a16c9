import type * as header from "linux/io";
import type { IoMem } from "linux/types";
import { physical } from "../../core/address";
import type { Cpu } from "../../mmu/cpu";
import type { RunningKernel } from "../running-kernel";
import { Cookie, cookieOf, toIoMem } from "./cookie";

const at = (io: IoMem): Cookie => (io instanceof Cookie ? io : cookieOf(io));

function reads(cpu: Cpu) {
  const read8 = (io: IoMem, off = 0) => {
    const { high, low } = at(io);
    return cpu.read8(high, (low + off) | 0);
  };
  const read16 = (io: IoMem, off = 0) => {
    const { high, low } = at(io);
    return cpu.read16(high, (low + off) | 0);
  };
  const read32 = (io: IoMem, off = 0) => {
    const { high, low } = at(io);
    return cpu.read32(high, (low + off) | 0) >>> 0;
  };
  const read64 = (io: IoMem, off = 0) => {
    const { high, low } = at(io);
    return cpu.read64(high, (low + off) | 0);
  };
  return {
    ...{ ioread8: read8, ioread16: read16, ioread32: read32, ioread64: read64 },
    ...{ readb: read8, readw: read16, readl: read32, readq: read64 },
  };
}

function writes(cpu: Cpu) {
  const write8 = (value: number, io: IoMem, off = 0) => {
    const { high, low } = at(io);
    cpu.write8(high, (low + off) | 0, value);
  };
  const write16 = (value: number, io: IoMem, off = 0) => {
    const { high, low } = at(io);
    cpu.write16(high, (low + off) | 0, value);
  };
  const write32 = (value: number, io: IoMem, off = 0) => {
    const { high, low } = at(io);
    cpu.write32(high, (low + off) | 0, value);
  };
  const write64 = (value: bigint, io: IoMem, off = 0) => {
    const { high, low } = at(io);
    cpu.write64(high, (low + off) | 0, BigInt.asUintN(64, value));
  };
  return {
    ...{ iowrite8: write8, iowrite16: write16, iowrite32: write32, iowrite64: write64 },
    ...{ writeb: write8, writew: write16, writel: write32, writeq: write64 },
  };
}

/** linux/io: straight to the CPU's access path. */
export function ioModule(kernel: RunningKernel): typeof header {
  const { cpu } = kernel.machine;
  return {
    ...reads(cpu),
    ...writes(cpu),
    ioremap: (start, size) => {
      const mapped = kernel.vmalloc.ioremap(physical(start), size, "ioremap");
      kernel.changed();
      return mapped === null ? null : toIoMem(mapped);
    },
    iounmap: (io) => {
      kernel.vmalloc.iounmap(cookieOf(io).address);
      kernel.changed();
    },
  };
}
