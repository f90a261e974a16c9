/** A bridge's bus numbers in its registers (drivers/pci/probe.c, pci_scan_bridge_extend). */
import { digits } from "../core/hex";
import type { ConfigSpace } from "./config";
import type { KernelLog } from "./log";
import type { PciDev } from "./pci-dev";

const BUS_NUMBERS = 0x18;
const LATENCY_MASK = 0xff000000;
const BRIDGE_CONTROL = 0x3e;
const MASTER_ABORT_MODE = 0x20;
const ENHANCED_ALLOCATION_ID = 0x14;

export interface BusNumbers {
  readonly primary: number;
  readonly secondary: number;
  readonly subordinate: number;
}

/** "Primary bus is hard wired to 0" is no fault. */
export function readNumbers(config: ConfigSpace, log: KernelLog, dev: PciDev): BusNumbers {
  const [primary = 0, secondary = 0, subordinate = 0] = [0, 1, 2].map((at) =>
    config.read(dev.bdf, BUS_NUMBERS + at, 1),
  );
  if (primary || !dev.bus.number || !secondary || !subordinate) return { primary, secondary, subordinate };
  log.warn(`pci ${dev.name}: Primary bus is hard wired to 0`);
  return { primary: dev.bus.number, secondary, subordinate };
}

/** They lie below the bus that the bridge is on; said where they do not. */
export function makeSense(log: KernelLog, dev: PciDev, numbers: BusNumbers): boolean {
  const { primary, secondary, subordinate } = numbers;
  const own = dev.bus.number;
  if (primary === own && secondary > own && secondary <= subordinate) return true;
  const range = `[bus ${digits(secondary, 2)}-${digits(subordinate, 2)}]`;
  log.info(`pci ${dev.name}: bridge configuration invalid (${range}), reconfiguring`);
  return false;
}

/** All three in one write; the latency stays. */
export function writeNumbers(config: ConfigSpace, { bdf }: PciDev, numbers: BusNumbers): void {
  const { primary, secondary, subordinate } = numbers;
  const latency = config.read32(bdf, BUS_NUMBERS) & LATENCY_MASK;
  config.write32(bdf, BUS_NUMBERS, latency | primary | (secondary << 8) | (subordinate << 16));
}

/** Numbers that Enhanced Allocation prescribes (pci_ea_fixed_busnrs). */
export function fixedNumbers(
  config: ConfigSpace,
  { bdf }: PciDev,
): Pick<BusNumbers, "secondary" | "subordinate"> | undefined {
  const at = config.findCapability(bdf, ENHANCED_ALLOCATION_ID);
  if (!at) return undefined;
  const [secondary, subordinate] = [config.read(bdf, at + 4, 1), config.read(bdf, at + 5, 1)];
  return secondary !== 0 && subordinate >= secondary ? { secondary, subordinate } : undefined;
}

/** With Master Abort Mode off: looking for functions that are not there is no error. */
export function quietly(config: ConfigSpace, { bdf }: PciDev, scan: () => number): number {
  const control = config.read(bdf, BRIDGE_CONTROL, 2);
  config.write(bdf, BRIDGE_CONTROL, { width: 2, value: control & ~MASTER_ABORT_MODE });
  const highest = scan();
  config.write(bdf, BRIDGE_CONTROL, { width: 2, value: control });
  return highest;
}

/** How many spare numbers a bridge may use: the only one all, hot-plug bridges an equal part each. */
export function spareNumbers(
  dev: PciDev,
  { bridges, available, used }: { bridges: readonly PciDev[]; available: number; used: number },
): number {
  const hotplug = bridges.filter(({ isHotplugBridge }) => isHotplugBridge).length;
  if (!hotplug) return bridges.length === 1 ? available : 0;
  if (!dev.isHotplugBridge) return 0;
  return Math.max(0, Math.min(Math.floor(available / hotplug), available - used + 1));
}
