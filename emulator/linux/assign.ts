/**
 * Placing resources top-down (Linux drivers/pci/setup-bus.c, setup-res.c): on each bus all that has no place yet,
 * largest alignment first; with the optional room if everything fits, else the needed first.
 * Not modelled: retries with `pci=realloc`, firmware addresses to fall back to.
 */
import { digits } from "../core/hex";
import { alignUp, placeOn } from "./allocate";
import { writeIoWindow, writeMemoryWindow, writePrefetchableWindow } from "./bridge-window";
import type { ConfigSpace } from "./config";
import type { KernelLog } from "./log";
import {
  BRIDGE_IO,
  BRIDGE_MEMORY,
  BRIDGE_PREFETCHABLE,
  busName,
  devicesBelow,
  isIov,
  PCI_IOV_RESOURCES,
  PCI_ROM_RESOURCE,
  type PciBus,
  type PciDev,
  resourceName,
} from "./pci-dev";
import { formatResource, IORESOURCE, type Resource } from "./resource";
import { type Additions, alignmentOf, sizeBridges } from "./size-windows";

interface Item {
  readonly dev: PciDev;
  readonly index: number;
  readonly resource: Resource;
}

const HOST_BRIDGE = 0x0600;
const SRIOV_ID = 0x10;
const TWO_32 = 2 ** 32;

export class Assignment {
  readonly #config: ConfigSpace;
  readonly #log: KernelLog;
  /** Lowest memory address to use where a window starts at 0: the end of RAM. */
  readonly #minMemory: number;

  constructor({ config, log, minMemory }: { config: ConfigSpace; log: KernelLog; minMemory: number }) {
    this.#config = config;
    this.#log = log;
    this.#minMemory = minMemory;
  }

  #failed = false;

  assign(root: PciBus): void {
    this.#failed = false;
    if (hasUnplacedVirtualBars(root) && depthOf(root) > 0) this.#try(root, undefined);
    else this.#try(root, new Map());
    if (this.#failed)
      this.#log.info(
        `pci_bus ${busName(0, root.number)}: Some PCI device resources are unassigned, try booting with pci=realloc`,
      );
    for (const dev of root.devices) this.#logBridge(dev);
  }

  /** With additions, room for hot-plug and virtual functions is optional; without, all room is needed. */
  #try(root: PciBus, additions: Additions | undefined): void {
    sizeBridges(root, { additions, log: this.#log });
    this.#assignBus(root, additions ?? new Map());
  }

  #assignBus(bus: PciBus, additions: Additions): void {
    this.#placeAll(sorted(bus), additions);
    for (const dev of bus.devices) {
      if (!dev.subordinate) continue;
      this.#assignBus(dev.subordinate, additions);
      this.#programBridge(dev);
    }
  }

  #placeAll(items: readonly Item[], additions: Additions): void {
    const left = items.some(({ resource }) => additions.has(resource))
      ? this.#tryWithAdditions(items, additions)
      : items;
    for (const item of left) if (item.resource.size > 0 && !this.#place(item)) this.#giveUp(item);
    const wanted = [...additions.keys()]
      .reverse()
      .flatMap((resource) => left.filter((item) => item.resource === resource));
    for (const item of wanted) this.#grow(item, additions);
  }

  /**
   * Everything with its optional room. If something does not fit, what is of another kind keeps its place; the others
   * give theirs back and are returned.
   */
  #tryWithAdditions(items: readonly Item[], additions: Additions): readonly Item[] {
    const before = items.map(({ resource: { start, end, flags } }) => ({ start, end, flags }));
    for (const { resource } of items) enlarge(resource, additions.get(resource));
    const failed = bySize(items).filter(
      (item) => item.resource.size > 0 && !this.#place(item) && !isDormantRom(item),
    );
    const mask = failed.reduce((kinds, { resource }) => kinds | resource.flags, 0);
    const release = failed.length
      ? items.filter(({ resource }) => !resource.parent || mustRelease(resource, mask))
      : [];
    for (const { resource } of items)
      if (!release.some((item) => item.resource === resource)) additions.delete(resource);
    for (const item of release) {
      if (item.resource.parent) item.resource.release();
      Object.assign(item.resource, before[items.indexOf(item)]);
    }
    return release;
  }

  #giveUp(item: Item): void {
    giveUp(item.resource);
    if (!isDormantRom(item)) this.#failed = true;
  }

  #grow({ dev, index, resource }: Item, additions: Additions): void {
    const addition = additions.get(resource);
    additions.delete(resource);
    if (!addition || !resource.flags) return;
    if (resource.size === 0) {
      Object.assign(resource, { start: addition.align, end: addition.align + addition.size - 1 });
      if (!this.#place({ dev, index, resource })) giveUp(resource);
      return;
    }
    const wanted = { resource, size: resource.size + addition.size, align: addition.align };
    const grown = resource.parent !== undefined && placeOn(dev.bus, wanted, this.#minMemory);
    const what = `pci ${dev.name}: ${resourceName(index)} ${formatResource(resource)}`;
    this.#log.info(
      grown
        ? `${what}: reassigned; expanded by 0x${digits(addition.size)}`
        : `${what}: failed to expand by 0x${digits(addition.size)}`,
    );
  }

  #place(item: Item): boolean {
    const { dev, index, resource } = item;
    resource.flags |= IORESOURCE.UNSET;
    const wanted = { resource, size: resource.size, align: alignmentOf(resource) };
    const what = () => `pci ${dev.name}: ${resourceName(index)} ${formatResource(resource)}`;
    if (!placeOn(dev.bus, wanted, this.#minMemory)) {
      this.#log.info(`${what()}: can't assign; no space`);
      this.#log.info(`${what()}: failed to assign`);
      return false;
    }
    resource.flags &= ~(IORESOURCE.UNSET | IORESOURCE.STARTALIGN);
    this.#log.info(`${what()}: assigned`);
    if (index < PCI_ROM_RESOURCE || isIov(index)) this.#writeBar(item);
    return true;
  }

  /** 64-bit BARs with memory decode off between the two halves. */
  #writeBar({ dev, index, resource }: Item): void {
    const at = isIov(index)
      ? this.#config.findExtendedCapability(dev.bdf, SRIOV_ID) + 0x24 + (index - PCI_IOV_RESOURCES) * 4
      : 0x10 + index * 4;
    const low = (resource.start % TWO_32) | (resource.flags & 15);
    if (!resource.has(IORESOURCE.MEM_64)) {
      this.#config.write32(dev.bdf, at, low);
      return;
    }
    const command = this.#config.read(dev.bdf, 4, 2);
    this.#config.write(dev.bdf, 4, { width: 2, value: command & ~2 });
    this.#config.write32(dev.bdf, at, low);
    this.#config.write32(dev.bdf, at + 4, Math.floor(resource.start / TWO_32));
    this.#config.write(dev.bdf, 4, { width: 2, value: command });
  }

  /** Writes the window registers (pci_setup_bridge); a window without a place is closed. */
  #programBridge(dev: PciDev): void {
    const placed = (index: number) => (dev.resource[index]?.parent ? dev.resource[index] : undefined);
    writeIoWindow(this.#config, dev.bdf, placed(BRIDGE_IO));
    writeMemoryWindow(this.#config, dev.bdf, placed(BRIDGE_MEMORY));
    writePrefetchableWindow(this.#config, dev.bdf, placed(BRIDGE_PREFETCHABLE));
  }

  #logBridge(dev: PciDev): void {
    if (!dev.subordinate) return;
    this.#log.info(`pci ${dev.name}: PCI bridge to [bus ${digits(dev.subordinate.number, 2)}]`);
    for (const index of [BRIDGE_IO, BRIDGE_MEMORY, BRIDGE_PREFETCHABLE]) {
      const window = dev.resource[index];
      if (window?.parent) this.#log.info(`pci ${dev.name}:   bridge window ${formatResource(window)}`);
    }
    for (const below of dev.subordinate.devices) this.#logBridge(below);
  }
}

/** A ROM that nobody switched on may do without a place. */
function isDormantRom({ index, resource }: Item): boolean {
  return index === PCI_ROM_RESOURCE && (resource.flags & 1) === 0;
}

/** Whether room of this kind can help what failed (pci_need_to_release): prefetchable may live in other memory, too. */
function mustRelease(resource: Resource, failed: number): boolean {
  if (resource.has(IORESOURCE.IO)) return (failed & IORESOURCE.IO) !== 0;
  if (!resource.has(IORESOURCE.PREFETCH)) return (failed & IORESOURCE.MEM) !== 0;
  if (failed & IORESOURCE.PREFETCH) return true;
  return (failed & IORESOURCE.MEM) !== 0 && !resource.parent?.has(IORESOURCE.PREFETCH);
}

/** Then the first tries of several need all room (pci_realloc_detect). */
function hasUnplacedVirtualBars(bus: PciBus): boolean {
  return [...devicesBelow(bus)].some(({ resource }) =>
    resource.some((it) => it?.part !== undefined && !it.parent),
  );
}

/** How many buses lie below one another. */
function depthOf({ devices }: PciBus): number {
  return Math.max(0, ...devices.map(({ subordinate }) => (subordinate ? depthOf(subordinate) + 1 : 0)));
}

/** What has no place yet, by alignment, largest first; equal ones stay in the order of devices and indices. */
function sorted({ devices }: PciBus): Item[] {
  const items = devices
    .filter((dev) => dev.class >>> 8 !== HOST_BRIDGE)
    .flatMap((dev) =>
      [...dev.resource.entries()].flatMap(([index, resource]) =>
        resource ? [{ dev, index, resource }] : [],
      ),
    )
    .filter(({ resource }) => resource.flags && !resource.parent && !resource.has(IORESOURCE.PCI_FIXED))
    .filter(({ resource }) => alignmentOf(resource) > 0);
  return bySize(items);
}

function bySize(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => alignmentOf(b.resource) - alignmentOf(a.resource));
}

function enlarge(
  resource: Resource,
  addition: { readonly size: number; readonly align: number } | undefined,
): void {
  if (!addition) return;
  resource.end += addition.size;
  if (!resource.has(IORESOURCE.STARTALIGN) || addition.align <= resource.start) return;
  resource.end = addition.align + resource.size - 1;
  resource.start = addition.align;
}

/** No place: it stays known, with its size, but has no address. */
function giveUp(resource: Resource): void {
  resource.end = alignUp(resource.size, 1) - 1;
  resource.start = 0;
  resource.flags |= IORESOURCE.UNSET;
}
