/**
 * Enumeration (Linux drivers/pci/probe.c): walk the buses, keep the numbers that firmware left where they make sense,
 * and give the others theirs depth first. Linux's log lines come with it.
 * Not modelled: bus numbers of CardBus bridges.
 */
import { digits } from "../core/hex";
import { EXPRESS_ID, PORT_TYPE } from "../pci/capabilities/express";
import {
  type BusNumbers,
  fixedNumbers,
  makeSense,
  quietly,
  readNumbers,
  spareNumbers,
  writeNumbers,
} from "./bus-numbers";
import type { ConfigSpace } from "./config";
import type { KernelLog } from "./log";
import {
  BRIDGE_IO,
  BRIDGE_MEMORY,
  BRIDGE_PREFETCHABLE,
  busName,
  type PciBus,
  type PciDev,
  span,
} from "./pci-dev";
import type { PciOptions } from "./pci-options";
import { formatResource, type Resource } from "./resource";
import { type SlotParts, scanSlots } from "./scan-slot";
import { lastVirtualBus } from "./virtual-buses";

const PCI_X_ID = 0x07;
const PCI_X_MODE_2 = 0xc0000000;
const ROOT_CONTROL = 0x1c;
const ROOT_CAPABILITIES = 0x1e;
/** Configuration Request Retry Status is visible to software: it can be, and it is. */
const RETRY_CAPABLE = 1;
const RETRY_VISIBLE = 0x10;
const PORTS: ReadonlySet<number> = new Set([
  PORT_TYPE["root-port"],
  PORT_TYPE.upstream,
  PORT_TYPE.downstream,
]);

interface EnumerationParts extends SlotParts {
  readonly options: PciOptions;
}

interface Below {
  /** The highest bus number so far. */
  readonly highest: number;
  /** Bus numbers to share out among hot-plug bridges. */
  readonly available: number;
}

export class Enumeration {
  readonly #config: ConfigSpace;
  readonly #log: KernelLog;
  readonly #parts: EnumerationParts;
  #renumber = false;
  readonly #buses = new Map<string, PciBus>();

  constructor(parts: EnumerationParts) {
    this.#config = parts.config;
    this.#log = parts.log;
    this.#parts = parts;
  }

  /** Finds everything below the root bus; with `renumber` no bus keeps the number that firmware gave it. */
  scan(
    root: PciBus,
    { renumber = this.#parts.options.assignBusses }: { readonly renumber?: boolean } = {},
  ): void {
    this.#renumber = renumber;
    this.#buses.set(nameOf(root), root);
    this.#scanBus(root, 0);
  }

  /** Looks again at what is behind a bridge; the functions that are new there. What is below them is found, too. */
  scanBelow({ subordinate: bus }: PciDev): readonly PciDev[] {
    if (!bus) return [];
    this.#renumber = false;
    const known = new Set(bus.devices);
    this.#scanBus(bus, bus.subordinate - bus.number);
    return bus.devices.filter((dev) => !known.has(dev));
  }

  /** It can be found anew (pci_remove_bus). */
  forget(bus: PciBus): void {
    this.#buses.delete(nameOf(bus));
  }

  /** The highest bus number in use below (pci_scan_child_bus_extend). */
  #scanBus(bus: PciBus, available: number): number {
    scanSlots(bus, this.#parts);
    const reserved = lastVirtualBus(bus, this.#config) - bus.number;
    this.#sayWindows(bus);
    const bridges = bus.devices.filter(({ isBridge }) => isBridge);
    let [highest, used] = [bus.number + reserved, reserved];
    for (const dev of bridges) {
      const now = this.#scanKept(dev, highest);
      used += 1 + Math.max(0, now - highest - 1);
      highest = now;
    }
    for (const dev of bridges) {
      const spare = spareNumbers(dev, { bridges, available, used });
      const now = this.#scanNew(dev, { highest, available: spare });
      used += Math.max(0, now - highest - 1);
      highest = now;
    }
    return bus.self?.isHotplugBridge ? this.#withSpare(bus, { highest, available }) : highest;
  }

  /** A hot-plug bridge grows to what it may have, and has at least `hpbussize` numbers. */
  #withSpare(bus: PciBus, { highest, available }: Below): number {
    const wanted = bus.number + Math.max(available, this.#parts.options.hotplugBuses - 1);
    return highest < wanted ? Math.max(highest, Math.min(wanted, bus.subordinate)) : highest;
  }

  /** What firmware has left in the bridge above (pci_read_bridge_bases). */
  #sayWindows(bus: PciBus): void {
    const bridge = bus.self;
    if (!bridge || bus.scanned) return;
    bus.scanned = true;
    const mark = bridge.isTransparent ? " (subtractive decode)" : "";
    this.#log.info(`pci ${bridge.name}: PCI bridge to ${span(bus)}${mark}`);
    for (const window of windowsOf(bridge).filter(({ size }) => size > 0))
      this.#log.info(`pci ${bridge.name}:   bridge window ${formatResource(window)}`);
    for (const window of bus.resources.filter((it) => it.flags && !bridge.resource.includes(it)))
      this.#log.info(`pci ${bridge.name}:   bridge window ${formatResource(window)} (subtractive decode)`);
  }

  /** Pass 0: a bridge whose numbers make sense keeps them; the numbers of the others are wiped. */
  #scanKept(dev: PciDev, highest: number): number {
    const numbers = readNumbers(this.#config, this.#log, dev);
    const { secondary, subordinate } = numbers;
    if (!makeSense(this.#log, dev, numbers) || this.#renumber) {
      writeNumbers(this.#config, dev, { primary: 0, secondary: 0, subordinate: 0 });
      return highest;
    }
    return quietly(this.#config, dev, () => {
      const known = this.#buses.get(busName(dev.bus.segment, secondary));
      const last = this.#scanBus(known ?? this.#addBus(dev, numbers), subordinate - secondary);
      if (last > subordinate)
        this.#log.warn(
          `pci ${dev.name}: bridge has subordinate ${digits(subordinate, 2)} but max busn ${digits(last, 2)}`,
        );
      return Math.max(highest, subordinate);
    });
  }

  /** Pass 1: the others get the next numbers, and those below them theirs. */
  #scanNew(dev: PciDev, { highest, available }: Below): number {
    if (dev.subordinate) return highest;
    const fixed = fixedNumbers(this.#config, dev);
    const secondary = fixed?.secondary ?? highest + 1;
    const numbers = { primary: dev.bus.number, secondary, subordinate: dev.bus.subordinate };
    if (secondary > numbers.subordinate) {
      const range = `[bus ${digits(secondary, 2)}]`;
      this.#log.info(
        `pci ${dev.name}: devices behind bridge are unusable because ${range} cannot be assigned for them`,
      );
      return highest;
    }
    return quietly(this.#config, dev, () => {
      writeNumbers(this.#config, dev, numbers);
      const bus = this.#addBus(dev, numbers);
      const last = this.#scanBus(bus, Math.max(0, available - 1));
      this.#settle(bus, fixed?.subordinate ?? last);
      writeNumbers(this.#config, dev, { ...numbers, subordinate: bus.subordinate });
      return bus.subordinate;
    });
  }

  #settle(bus: PciBus, last: number): void {
    const before = span(bus);
    bus.subordinate = last;
    this.#log.info(`pci_bus ${nameOf(bus)}: busn_res: ${before} end is updated to ${digits(last, 2)}`);
  }

  #addBus(dev: PciDev, { secondary, subordinate }: BusNumbers): PciBus {
    const windows = windowsOf(dev);
    const bus: PciBus = {
      segment: dev.bus.segment,
      number: secondary,
      subordinate,
      parent: dev.bus,
      self: dev,
      devices: [],
      resources: [...windows, ...(dev.isTransparent ? dev.bus.resources.filter(isOpen) : [])],
      ari: this.#parts.options.ari ? false : undefined,
      scanned: false,
      extended: dev.bus.extended && this.#passesExtended(dev),
    };
    for (const window of windows) window.name = `PCI Bus ${nameOf(bus)}`;
    if (!bus.extended) this.#log.info(`pci_bus ${nameOf(bus)}: extended config space not accessible`);
    this.#seeRetries(dev);
    dev.subordinate = bus;
    this.#buses.set(nameOf(bus), bus);
    return bus;
  }

  /** A device that needs time says so to software, where the port can pass that on (pci_enable_crs). */
  #seeRetries({ bdf }: PciDev): void {
    const express = this.#config.findCapability(bdf, EXPRESS_ID);
    if (!express || !(this.#config.read(bdf, express + ROOT_CAPABILITIES, 2) & RETRY_CAPABLE)) return;
    const at = express + ROOT_CONTROL;
    this.#config.write(bdf, at, { width: 2, value: this.#config.read(bdf, at, 2) | RETRY_VISIBLE });
  }

  /** Ports pass extended configuration space on, PCI-X bridges of mode 2, nobody else. */
  #passesExtended({ bdf }: PciDev): boolean {
    const express = this.#config.findCapability(bdf, EXPRESS_ID);
    if (express && PORTS.has((this.#config.read(bdf, express + 2, 2) >>> 4) & 15)) return true;
    const at = this.#config.findCapability(bdf, PCI_X_ID);
    return at !== 0 && (this.#config.read32(bdf, at + 4) & PCI_X_MODE_2) !== 0;
  }
}

function nameOf({ segment, number }: PciBus): string {
  return busName(segment, number);
}

function windowsOf({ resource }: PciDev): readonly Resource[] {
  return [BRIDGE_IO, BRIDGE_MEMORY, BRIDGE_PREFETCHABLE].flatMap((index) => resource[index] ?? []);
}

function isOpen(window: Resource): boolean {
  return window.isPlaced || window.size > 0;
}
