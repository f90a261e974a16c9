/** `readl` and its kin: straight to the CPU (arch/x86/include/asm/io.h). */
import type { IoMem } from "linux/types";
import type { Machine } from "../../machine/machine";
import { Cookie, otherPointer } from "./cookie";

const at = (io: unknown): Cookie => (io instanceof Cookie ? io : otherPointer(io));

export function reads({ cpu }: Machine) {
  const readb = (io: IoMem, off = 0) => {
    const { high, low } = at(io);
    return cpu.read8(high, (low + off) | 0);
  };
  const readw = (io: IoMem, off = 0) => {
    const { high, low } = at(io);
    return cpu.read16(high, (low + off) | 0);
  };
  const readl = (io: IoMem, off = 0) => {
    const { high, low } = at(io);
    return cpu.read32(high, (low + off) | 0) >>> 0;
  };
  const readq = (io: IoMem, off = 0) => {
    const { high, low } = at(io);
    return cpu.read64(high, (low + off) | 0);
  };
  return {
    readb,
    readw,
    readl,
    readq,
    readb_relaxed: readb,
    readw_relaxed: readw,
    readl_relaxed: readl,
    readq_relaxed: readq,
  };
}

export function writes({ cpu }: Machine) {
  const writeb = (value: number, io: IoMem, off = 0) => {
    const { high, low } = at(io);
    cpu.write8(high, (low + off) | 0, value);
  };
  const writew = (value: number, io: IoMem, off = 0) => {
    const { high, low } = at(io);
    cpu.write16(high, (low + off) | 0, value);
  };
  const writel = (value: number, io: IoMem, off = 0) => {
    const { high, low } = at(io);
    cpu.write32(high, (low + off) | 0, value);
  };
  const writeq = (value: bigint, io: IoMem, off = 0) => {
    const { high, low } = at(io);
    cpu.write64(high, (low + off) | 0, BigInt.asUintN(64, value));
  };
  return {
    writeb,
    writew,
    writel,
    writeq,
    writeb_relaxed: writeb,
    writew_relaxed: writew,
    writel_relaxed: writel,
    writeq_relaxed: writeq,
  };
}
