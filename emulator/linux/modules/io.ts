import type * as header from "linux/io";
import type { IoMem } from "linux/types";
import { physical } from "../../core/address";
import type { Machine } from "../../machine/machine";
import type { RunningKernel } from "../running-kernel";
import { Cookie, cookieOf, otherPointer, toIoMem } from "./cookie";
import { iomapReads, iomapWrites, ports } from "./iomap";

const at = (io: IoMem): Cookie => (io instanceof Cookie ? io : otherPointer(io));

/** `readl` and its kin: straight to the CPU. */
function reads({ cpu }: Machine) {
  return {
    readb: (io: IoMem, off = 0) => {
      const { high, low } = at(io);
      return cpu.read8(high, (low + off) | 0);
    },
    readw: (io: IoMem, off = 0) => {
      const { high, low } = at(io);
      return cpu.read16(high, (low + off) | 0);
    },
    readl: (io: IoMem, off = 0) => {
      const { high, low } = at(io);
      return cpu.read32(high, (low + off) | 0) >>> 0;
    },
    readq: (io: IoMem, off = 0) => {
      const { high, low } = at(io);
      return cpu.read64(high, (low + off) | 0);
    },
  };
}

function writes({ cpu }: Machine) {
  return {
    writeb: (value: number, io: IoMem, off = 0) => {
      const { high, low } = at(io);
      cpu.write8(high, (low + off) | 0, value);
    },
    writew: (value: number, io: IoMem, off = 0) => {
      const { high, low } = at(io);
      cpu.write16(high, (low + off) | 0, value);
    },
    writel: (value: number, io: IoMem, off = 0) => {
      const { high, low } = at(io);
      cpu.write32(high, (low + off) | 0, value);
    },
    writeq: (value: bigint, io: IoMem, off = 0) => {
      const { high, low } = at(io);
      cpu.write64(high, (low + off) | 0, BigInt.asUintN(64, value));
    },
  };
}

/** linux/io */
export function ioModule(kernel: RunningKernel): typeof header {
  const { machine } = kernel;
  return {
    ...reads(machine),
    ...writes(machine),
    ...iomapReads(kernel),
    ...iomapWrites(kernel),
    ...ports(machine.portMap),
    ioremap: (start, size) => {
      const mapped = kernel.vmalloc.ioremap(physical(start), { bytes: size, owner: "ioremap" });
      kernel.changed();
      return mapped === null ? null : toIoMem(mapped);
    },
    iounmap: (io) => {
      kernel.vmalloc.iounmap(cookieOf(io).address);
      kernel.changed();
    },
  };
}
