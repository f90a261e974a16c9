/** The accessors that take memory and ports alike (lib/iomap.c), and those of ports (arch/x86/include/asm/io.h). */
import type { IoMem } from "linux/types";
import { ALL_ONES_64, type Width } from "../../core/io";
import { laneMask } from "../../core/register-file";
import type { PortMap } from "../../machine/port-map";
import type { RunningKernel } from "../running-kernel";
import { swab16, swab32, swab64 } from "./byte-order";
import { Cookie, otherPointer, portOf } from "./cookie";

const at = (io: unknown): Cookie => (io instanceof Cookie ? io : otherPointer(io));

/** A memory cookie lies in the upper half of the address space: one compare tells it from the others. */
export function iomapReads(kernel: RunningKernel) {
  const little = littleReads(kernel);
  const { ioread16, ioread32, ioread64 } = little;
  return {
    ...little,
    ioread16be: (io: IoMem, off = 0) => swab16(ioread16(io, off)),
    ioread32be: (io: IoMem, off = 0) => swab32(ioread32(io, off)),
    ioread64be: (io: IoMem, off = 0) => swab64(ioread64(io, off)),
  };
}

function littleReads(kernel: RunningKernel) {
  const { cpu } = kernel.machine;
  const { read } = low(kernel);
  return {
    ioread8: (io: IoMem, off = 0) => {
      const cookie = at(io);
      return cookie.high === 0 ? read(cookie.low + off, 1) : cpu.read8(cookie.high, (cookie.low + off) | 0);
    },
    ioread16: (io: IoMem, off = 0) => {
      const cookie = at(io);
      return cookie.high === 0 ? read(cookie.low + off, 2) : cpu.read16(cookie.high, (cookie.low + off) | 0);
    },
    ioread32: (io: IoMem, off = 0) => {
      const cookie = at(io);
      if (cookie.high === 0) return read(cookie.low + off, 4);
      return cpu.read32(cookie.high, (cookie.low + off) | 0) >>> 0;
    },
    ioread64: (io: IoMem, off = 0) => {
      const cookie = at(io);
      if (cookie.high === 0)
        return BigInt(read(cookie.low + off, 4)) | (BigInt(read(cookie.low + off + 4, 4)) << 32n);
      return cpu.read64(cookie.high, (cookie.low + off) | 0);
    },
  };
}

export function iomapWrites(kernel: RunningKernel) {
  const little = littleWrites(kernel);
  const { iowrite16, iowrite32, iowrite64 } = little;
  return {
    ...little,
    iowrite16be: (value: number, io: IoMem, off = 0) => iowrite16(swab16(value), io, off),
    iowrite32be: (value: number, io: IoMem, off = 0) => iowrite32(swab32(value), io, off),
    iowrite64be: (value: bigint, io: IoMem, off = 0) => iowrite64(swab64(value), io, off),
  };
}

function littleWrites(kernel: RunningKernel) {
  const { cpu } = kernel.machine;
  const { write } = low(kernel);
  return {
    iowrite8: (value: number, io: IoMem, off = 0) => {
      const cookie = at(io);
      if (cookie.high === 0) write(cookie.low + off, { width: 1, value: value & 0xff });
      else cpu.write8(cookie.high, (cookie.low + off) | 0, value);
    },
    iowrite16: (value: number, io: IoMem, off = 0) => {
      const cookie = at(io);
      if (cookie.high === 0) write(cookie.low + off, { width: 2, value: value & 0xffff });
      else cpu.write16(cookie.high, (cookie.low + off) | 0, value);
    },
    iowrite32: (value: number, io: IoMem, off = 0) => {
      const cookie = at(io);
      if (cookie.high === 0) write(cookie.low + off, { width: 4, value: value >>> 0 });
      else cpu.write32(cookie.high, (cookie.low + off) | 0, value);
    },
    iowrite64: (value: bigint, io: IoMem, off = 0) => {
      const cookie = at(io);
      const bits = value & ALL_ONES_64;
      if (cookie.high !== 0) {
        cpu.write64(cookie.high, (cookie.low + off) | 0, bits);
        return;
      }
      write(cookie.low + off, { width: 4, value: Number(bits & 0xffffffffn) });
      write(cookie.low + off + 4, { width: 4, value: Number(bits >> 32n) });
    },
  };
}

/** What is left below: ports, and what is neither port nor memory. */
function low({ machine: { cpu, portMap }, kernelLog }: RunningKernel) {
  const bad = (address: number, access: string) =>
    kernelLog.err(`Bad IO access at port ${address === 0 ? "0x0" : `0x${address.toString(16)}`} (${access})`);
  const letter = (width: Width) => (width === 4 ? "l" : width === 2 ? "w" : "b");
  return {
    read: (address: number, width: Width): number => {
      const port = portOf(address);
      if (typeof port === "number") return portMap.read(port, width);
      if (port === "address") return cpu.read8(0, address);
      bad(address, `return in${letter(width)}(port)`);
      return laneMask(width) >>> 0;
    },
    write: (address: number, access: { readonly width: Width; readonly value: number }): void => {
      const port = portOf(address);
      if (typeof port === "number") portMap.write(port, access);
      else if (port === "address") cpu.write8(0, address, access.value);
      else bad(address, `out${letter(access.width)}(val,port)`);
    },
  };
}

export function ports(portMap: PortMap) {
  const write = (width: Width) => (value: number, port: number) => {
    portMap.write(port & 0xffff, { width, value: (value & laneMask(width)) >>> 0 });
  };
  return {
    inb: (port: number) => portMap.read(port & 0xffff, 1),
    inw: (port: number) => portMap.read(port & 0xffff, 2),
    inl: (port: number) => portMap.read(port & 0xffff, 4),
    outb: write(1),
    outw: write(2),
    outl: write(4),
  };
}
