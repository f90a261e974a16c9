/** The bus numbers that virtual functions need (drivers/pci/iov.c, pci_iov_bus_range, compute_max_vf_buses). */
import type { ConfigSpace } from "./config";
import type { PciBus, PciDev } from "./pci-dev";

const SRIOV_ID = 0x10;
const TOTAL = 0x0e;
const NUMBER = 0x10;
const OFFSET = 0x14;
const STRIDE = 0x16;

/** The highest bus on which a virtual function of this bus can be; the bus itself where none leaves it. */
export function lastVirtualBus(bus: PciBus, config: ConfigSpace): number {
  return bus.devices.reduce((last, dev) => Math.max(last, lastOf(dev, config)), bus.number);
}

/** Where the virtual functions are depends on how many there are: all of them are asked for, and none is made. */
function lastOf({ bdf, bus }: PciDev, config: ConfigSpace): number {
  const at = config.findExtendedCapability(bdf, SRIOV_ID);
  const total = at ? config.read(bdf, at + TOTAL, 2) : 0;
  if (!total) return bus.number;
  const before = config.read(bdf, at + NUMBER, 2);
  config.write(bdf, at + NUMBER, { width: 2, value: total });
  const [offset, stride] = [config.read(bdf, at + OFFSET, 2), config.read(bdf, at + STRIDE, 2)];
  config.write(bdf, at + NUMBER, { width: 2, value: before });
  const function0 = bdf.device * 8 + bdf.function;
  return bus.number + ((function0 + offset + stride * (total - 1)) >>> 8);
}
