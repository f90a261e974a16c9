/**
 * Enumeration (Linux drivers/pci/probe.c): walk the buses, number those below bridges depth first, and size each BAR
 * by writing ones. Linux's log lines come with it.
 * Not modelled: bus numbers that firmware left partly wrong, ARI, SR-IOV.
 */
import { digits } from "../core/hex";
import { type Bdf, bdf, formatBdf } from "../pci/bdf";
import { EXPRESS_ID, PORT_TYPE } from "../pci/capabilities/express";
import { sizeBars, sizeVirtualBars } from "./bar-sizing";
import { type OpenWindow, openWindow } from "./bridge-window";
import type { ConfigSpace } from "./config";
import type { KernelLog } from "./log";
import { BRIDGE_IO, BRIDGE_MEMORY, BRIDGE_PREFETCHABLE, busName, type PciBus, type PciDev } from "./pci-dev";
import { legacyIde } from "./quirks";
import { IORESOURCE, Resource } from "./resource";

const ABSENT = 0xffff;
const HOTPLUG_CAPABLE = 0x40;
/** Programming interface of a bridge that decodes what nobody else does. */
const SUBTRACTIVE = 1;

export class Enumeration {
  readonly #config: ConfigSpace;
  readonly #log: KernelLog;
  #highest = 0;

  constructor(config: ConfigSpace, log: KernelLog) {
    this.#config = config;
    this.#log = log;
  }

  /** Finds everything below the root bus. */
  scan(root: PciBus): void {
    this.#highest = root.number;
    this.#scanBus(root);
  }

  #scanBus(bus: PciBus): void {
    const onlyDevice0 = bus.self !== undefined && this.#leadsToOneDevice(bus.self);
    for (let device = 0; device < (onlyDevice0 ? 1 : 32); device++) this.#scanSlot(bus, device);
    this.#scanBridges(bus);
  }

  /** The link below a root or downstream port has one device, number 0 (only_one_child). */
  #leadsToOneDevice({ bdf: where }: PciDev): boolean {
    const express = this.#config.findCapability(where, EXPRESS_ID);
    const type = (this.#config.read(where, express + 2, 2) >>> 4) & 15;
    return express !== 0 && (type === PORT_TYPE["root-port"] || type === PORT_TYPE.downstream);
  }

  #scanSlot(bus: PciBus, device: number): void {
    for (let fn = 0; fn < 8; fn++) {
      const where = bdf({ bus: bus.number, device, function: fn });
      const present = this.#config.read(where, 0, 2) !== ABSENT;
      if (present) bus.devices.push(this.#setUp(bus, where));
      const multifunction = present && (this.#config.read(where, 0x0e, 1) & 0x80) !== 0;
      if (fn === 0 && !multifunction) return;
    }
  }

  #setUp(bus: PciBus, where: Bdf): PciDev {
    const read = (at: number, width: 1 | 2 | 4) => this.#config.read(where, at, width);
    const type = read(0x0e, 1) & 0x7f;
    const dev: PciDev = {
      bdf: where,
      name: formatBdf(where),
      bus,
      vendor: read(0, 2),
      device: read(2, 2),
      subsystemVendor: type === 0 ? read(0x2c, 2) : 0,
      subsystemDevice: type === 0 ? read(0x2e, 2) : 0,
      class: read(8, 4) >>> 8,
      revision: read(8, 1),
      isBridge: type === 1,
      isHotplugBridge: type === 1 && this.#isHotplug(where),
      isTransparent: type === 1 && read(9, 1) === SUBTRACTIVE,
      resource: [],
      subordinate: undefined,
      irq: read(0x3c, 1),
    };
    const ids = `${digits(dev.vendor, 4)}:${digits(dev.device, 4)}`;
    this.#log.info(`pci ${dev.name}: [${ids}] type ${digits(type, 2)} class 0x${digits(dev.class, 6)}`);
    sizeBars(dev, { config: this.#config, log: this.#log }, type === 0 ? 6 : 2);
    legacyIde(dev, this.#log);
    sizeVirtualBars(dev, { config: this.#config, log: this.#log });
    if (type === 1) this.#readWindows(dev);
    return dev;
  }

  #isHotplug(where: Bdf): boolean {
    const express = this.#config.findCapability(where, EXPRESS_ID);
    return express !== 0 && (this.#config.read32(where, express + 20) & HOTPLUG_CAPABLE) !== 0;
  }

  /** Which windows a bridge has: those whose registers can be written (pci_read_bridge_windows). */
  #readWindows(dev: PciDev): void {
    const window = (kind: OpenWindow["kind"], flags: number) => {
      const { start, end } = openWindow(this.#config, dev.bdf, kind) ?? { start: 0, end: -1 };
      return new Resource(dev.name, { start, end, flags });
    };
    if (this.#sticks(dev.bdf, 0x1c, 0xe0f0)) dev.resource[BRIDGE_IO] = window("io", IORESOURCE.IO);
    dev.resource[BRIDGE_MEMORY] = window("memory", IORESOURCE.MEM);
    if (!this.#sticks(dev.bdf, 0x24, 0xffe0fff0)) return;
    const wide = (this.#config.read(dev.bdf, 0x24, 1) & 15) === 1;
    const flags = IORESOURCE.MEM | IORESOURCE.PREFETCH | (wide ? IORESOURCE.MEM_64 | 1 : 0);
    dev.resource[BRIDGE_PREFETCHABLE] = window("prefetchable", flags);
  }

  #sticks(where: Bdf, at: number, pattern: number): boolean {
    const value = this.#config.read32(where, at);
    if (value & 0xfff0) return true;
    this.#config.write32(where, at, pattern);
    const stuck = this.#config.read32(where, at);
    this.#config.write32(where, at, value);
    return (stuck & 0xfff0) !== 0 || stuck >>> 16 > 0xf;
  }

  /** First the bridges whose numbers make sense, then the others get new ones (pci_scan_bridge_extend). */
  #scanBridges(bus: PciBus): void {
    const bridges = bus.devices.filter(({ isBridge }) => isBridge);
    const kept = bridges.filter((dev) => this.#keepsNumbers(dev));
    for (const dev of kept) this.#scanBridge(dev, this.#config.read(dev.bdf, 0x19, 1));
    for (const dev of bridges) if (!kept.includes(dev)) this.#scanBridge(dev, this.#highest + 1);
  }

  #keepsNumbers({ bdf: where, bus }: PciDev): boolean {
    const [primary, secondary, subordinate] = [0x18, 0x19, 0x1a].map((at) => this.#config.read(where, at, 1));
    return (
      primary === bus.number &&
      secondary !== undefined &&
      secondary > bus.number &&
      (subordinate ?? 0) >= secondary
    );
  }

  #scanBridge(dev: PciDev, number: number): void {
    const kept = this.#keepsNumbers(dev);
    this.#highest = Math.max(this.#highest, number);
    const windows = [BRIDGE_IO, BRIDGE_MEMORY, BRIDGE_PREFETCHABLE].flatMap(
      (index) => dev.resource[index] ?? [],
    );
    for (const window of windows) window.name = `PCI Bus ${busName(dev.bdf.segment, number)}`;
    const resources = dev.isTransparent ? [...windows, ...dev.bus.resources] : windows;
    const below: PciBus = { number, subordinate: number, parent: dev.bus, self: dev, devices: [], resources };
    dev.subordinate = below;
    if (!kept) this.#writeNumbers(dev, { secondary: number, subordinate: 0xff });
    this.#scanBus(below);
    below.subordinate = kept ? this.#config.read(dev.bdf, 0x1a, 1) : this.#highest;
    if (kept) this.#highest = Math.max(this.#highest, this.#config.read(dev.bdf, 0x1a, 1));
    else this.#writeNumbers(dev, { secondary: number, subordinate: this.#highest });
    this.#log.info(`pci ${dev.name}: PCI bridge to [bus ${span(number, this.#highest)}]`);
  }

  #writeNumbers(
    { bdf: where, bus }: PciDev,
    { secondary, subordinate }: { secondary: number; subordinate: number },
  ): void {
    const latency = this.#config.read(where, 0x1b, 1);
    const numbers = bus.number | (secondary << 8) | (subordinate << 16) | (latency << 24);
    this.#config.write32(where, 0x18, numbers);
  }
}

function span(first: number, last: number): string {
  return first === last ? digits(first, 2) : `${digits(first, 2)}-${digits(last, 2)}`;
}
