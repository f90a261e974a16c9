/**
 * One function as Linux finds it (drivers/pci/probe.c, pci_setup_device): identity, BARs, windows, and what decides
 * about the buses below it.
 * Not modelled: CardBus windows, Enhanced Allocation of BARs.
 */
import { digits } from "../core/hex";
import { type Bdf, formatBdf } from "../pci/bdf";
import { EXPRESS_ID } from "../pci/capabilities/express";
import { sizeBars, sizeVirtualBars } from "./bar-sizing";
import { type OpenWindow, openWindow } from "./bridge-window";
import type { ConfigSpace } from "./config";
import type { KernelLog } from "./log";
import { BRIDGE_IO, BRIDGE_MEMORY, BRIDGE_PREFETCHABLE, type PciBus, type PciDev } from "./pci-dev";
import { legacyIde } from "./quirks";
import { IORESOURCE, Resource } from "./resource";

/** Header types. */
const BRIDGE = 1;
const CARDBUS = 2;
const BAR_COUNT = [6, 2, 1] as const;
const PCI_BRIDGE_CLASS = 0x0604;
const CARDBUS_BRIDGE_CLASS = 0x0607;
const SLOT_CAPABILITIES = 0x14;
const HOTPLUG_CAPABLE = 0x40;
/** Programming interface of a bridge that decodes what nobody else does. */
const SUBTRACTIVE = 1;
const ARI_ID = 0x0e;
const ARI_FORWARDING = 0x20;
const DEVICE_CAPABILITIES_2 = 0x24;
const DEVICE_CONTROL_2 = 0x28;

export interface ProbeParts {
  readonly config: ConfigSpace;
  readonly log: KernelLog;
}

/** Undefined where the header is of no known type. */
export function probeFunction(bus: PciBus, where: Bdf, parts: ProbeParts): PciDev | undefined {
  const { config, log } = parts;
  const dev = identify(bus, where, parts);
  if (dev.header > CARDBUS) {
    log.err(`pci ${dev.name}: unknown header type ${digits(dev.header, 2)}, ignoring device`);
    return undefined;
  }
  sizeBars(dev, parts, BAR_COUNT[dev.header]);
  legacyIde(dev, log);
  if (dev.isBridge) readWindows(dev, config);
  if (!config.findCapability(where, EXPRESS_ID)) return dev;
  configureAri(dev, config);
  sizeVirtualBars(dev, parts);
  return dev;
}

function identify(bus: PciBus, where: Bdf, { config, log }: ProbeParts): PciDev {
  const read = (at: number, width: 1 | 2 | 4) => config.read(where, at, width);
  const [name, header, code] = [formatBdf(where), read(0x0e, 1) & 0x7f, read(8, 4) >>> 8];
  const ids = `${digits(read(0, 2), 4)}:${digits(read(2, 2), 4)}`;
  log.info(`pci ${name}: [${ids}] type ${digits(header, 2)} class 0x${digits(code, 6)}`);
  const isBridge = header === BRIDGE;
  return {
    bdf: where,
    name,
    bus,
    vendor: read(0, 2),
    device: read(2, 2),
    subsystemVendor: header === 0 ? read(0x2c, 2) : 0,
    subsystemDevice: header === 0 ? read(0x2e, 2) : 0,
    class: classOf({ type: header, code, name }, log),
    revision: read(8, 1),
    header: header as PciDev["header"],
    isBridge,
    isHotplugBridge: isBridge && hasHotplugSlot(where, config),
    isTransparent: isBridge && (code & 0xff) === SUBTRACTIVE,
    resource: [],
    windowFlags: isBridge ? windowFlags(where, config) : {},
    subordinate: undefined,
    enabled: false,
    irq: read(0x3c, 1),
  };
}

function hasHotplugSlot(where: Bdf, config: ConfigSpace): boolean {
  const express = config.findCapability(where, EXPRESS_ID);
  return express !== 0 && (config.read32(where, express + SLOT_CAPABILITIES) & HOTPLUG_CAPABLE) !== 0;
}

/** A class that belongs to another header is no class. */
function classOf({ type, code, name }: { type: number; code: number; name: string }, log: KernelLog): number {
  const isPciBridge = code >>> 8 === PCI_BRIDGE_CLASS;
  const fits = type === 0 ? !isPciBridge : type !== CARDBUS || code >>> 8 === CARDBUS_BRIDGE_CLASS;
  if (fits) return code;
  log.err(`pci ${name}: ignoring class 0x${digits(code, 6)} (doesn't match header type ${digits(type, 2)})`);
  return 0;
}

/** Which windows a bridge has: those whose registers can be written (pci_read_bridge_windows). */
function windowFlags(where: Bdf, config: ConfigSpace): Readonly<Record<number, number>> {
  const { IO, MEM, PREFETCH, MEM_64 } = IORESOURCE;
  const io = probed(config, where, { at: 0x1c, width: 2, pattern: 0xe0f0 });
  const prefetchable = probed(config, where, { at: 0x24, width: 4, pattern: 0xffe0fff0 });
  const wide = (prefetchable & 15) === 1 && upperHalfSticks(config, where);
  return {
    [BRIDGE_MEMORY]: MEM,
    ...(io && { [BRIDGE_IO]: IO }),
    ...(prefetchable && { [BRIDGE_PREFETCHABLE]: MEM | PREFETCH | (wide ? MEM_64 | 1 : 0) }),
  };
}

interface Pattern {
  readonly at: number;
  readonly width: 2 | 4;
  readonly pattern: number;
}

/** The register, or where it is zero what sticks of a pattern. */
function probed(config: ConfigSpace, where: Bdf, { at, width, pattern }: Pattern): number {
  const value = config.read(where, at, width);
  if (value) return value;
  config.write(where, at, { width, value: pattern });
  const stuck = config.read(where, at, width);
  config.write(where, at, { width, value: 0 });
  return stuck;
}

function upperHalfSticks(config: ConfigSpace, where: Bdf): boolean {
  const value = config.read32(where, 0x28);
  config.write32(where, 0x28, 0xffffffff);
  const stuck = config.read32(where, 0x28);
  config.write32(where, 0x28, value);
  return stuck !== 0;
}

/** As firmware left them; closed ones are empty. */
function readWindows(dev: PciDev, config: ConfigSpace): void {
  const kinds = { [BRIDGE_IO]: "io", [BRIDGE_MEMORY]: "memory", [BRIDGE_PREFETCHABLE]: "prefetchable" };
  for (const index of [BRIDGE_IO, BRIDGE_MEMORY, BRIDGE_PREFETCHABLE] as const) {
    const flags = dev.windowFlags[index];
    if (!flags) continue;
    const open = openWindow(config, dev.bdf, kinds[index] as OpenWindow["kind"]);
    dev.resource[index] = new Resource(dev.name, { ...(open ?? { start: 0, end: -1 }), flags });
  }
}

/** More than eight functions behind one link: the port forwards them if the device can (pci_configure_ari). */
function configureAri({ bdf: where, bus }: PciDev, config: ConfigSpace): void {
  if (where.device || where.function || !bus.self || bus.ari === undefined) return;
  const port = bus.self.bdf;
  const express = config.findCapability(port, EXPRESS_ID);
  if (!express || !(config.read32(port, express + DEVICE_CAPABILITIES_2) & ARI_FORWARDING)) return;
  const has = config.findExtendedCapability(where, ARI_ID) !== 0;
  const control = config.read(port, express + DEVICE_CONTROL_2, 2);
  const value = has ? control | ARI_FORWARDING : control & ~ARI_FORWARDING;
  if (value !== control) config.write(port, express + DEVICE_CONTROL_2, { width: 2, value });
  bus.ari = has;
}
