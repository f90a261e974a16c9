/**
 * Placing what is on one bus (Linux drivers/pci/setup-bus.c, __assign_resources_sorted; setup-res.c): largest alignment
 * first, with the optional room if everything fits, else the needed first.
 */
import { digits } from "../core/hex";
import { type Ground, type Look, placeOn } from "./allocate";
import { type Fallback, useFirmwareAddress } from "./claim";
import type { ConfigSpace } from "./config";
import type { Failure, Item } from "./decisions";
import { isIov, PCI_IOV_RESOURCES, PCI_ROM_RESOURCE, type PciDev, resourceName } from "./pci-dev";
import { formatResource, IORESOURCE, type Resource } from "./resource";
import type { Additions } from "./size-windows";

const HOST_BRIDGE = 0x0600;
const IO_APIC = 0x0800;
const DECODES = 3;
const SRIOV_ID = 0x10;
const TWO_32 = 2 ** 32;

export interface PlacementParts extends Fallback {
  readonly config: ConfigSpace;
  readonly ground: Ground;
}

/** Places the resources of some devices of one bus. */
export class Placement {
  readonly #parts: PlacementParts;
  readonly #failures: Failure[] = [];

  constructor(parts: PlacementParts) {
    this.#parts = parts;
  }

  /** What got no place, the last first; forgotten then. */
  takeFailures(): readonly Failure[] {
    return this.#failures.splice(0).reverse();
  }

  placeAll(devices: readonly PciDev[], additions: Additions): void {
    const items = this.#sorted(devices);
    const left = additions.size ? this.#tryWithAdditions(items, additions) : items;
    for (const item of left) if (item.resource.size > 0) this.#placeOrDrop(item, this.#failures);
    const wanted = [...additions.keys()].reverse();
    for (const resource of wanted) {
      const item = left.find((it) => it.resource === resource);
      const addition = additions.get(resource);
      if (item || !resource.flags) additions.delete(resource);
      if (item && addition && resource.flags) this.#grow(item, addition);
    }
  }

  /** What has no place yet, by alignment, largest first; equal ones stay in the order of devices and indices. */
  #sorted(devices: readonly PciDev[]): readonly Item[] {
    const items = devices
      .filter((dev) => this.#isTouched(dev))
      .flatMap((dev) =>
        [...dev.resource.entries()].flatMap(([index, resource]) =>
          resource ? [{ dev, index, resource }] : [],
        ),
      )
      .filter(({ resource }) => resource.flags && !resource.parent && !resource.has(IORESOURCE.PCI_FIXED));
    return bySize(items.filter((item) => this.#hasAlignment(item)));
  }

  /** Not: devices without a class, host bridges, IOAPICs that firmware switched on (__dev_sort_resources). */
  #isTouched({ class: code, bdf }: PciDev): boolean {
    const kind = code >>> 8;
    if (kind === 0 || kind === HOST_BRIDGE) return false;
    return kind !== IO_APIC || !(this.#parts.config.read(bdf, 4, 2) & DECODES);
  }

  #hasAlignment({ dev, index, resource }: Item): boolean {
    if (resource.alignment > 0) return true;
    const what = `${resourceName(index)} ${formatResource(resource)}`;
    this.#parts.decisions.warn(`pci ${dev.name}: ${what}: alignment must not be zero`);
    return false;
  }

  /**
   * Everything with its optional room. If something does not fit, what is of another kind keeps its place; the others
   * give theirs back and are returned.
   */
  #tryWithAdditions(items: readonly Item[], additions: Additions): readonly Item[] {
    const { decisions } = this.#parts;
    const before = items.map(({ resource: { start, end, flags } }) => ({ start, end, flags }));
    for (const { resource } of items) enlarge(resource, additions.get(resource));
    decisions.optional = true;
    const failed: Failure[] = [];
    for (const item of bySize(items)) if (item.resource.size > 0) this.#placeOrDrop(item, failed);
    decisions.optional = false;
    const mask = failed.reduce((kinds, { flags }) => kinds | flags, 0);
    const release = failed.length
      ? items.filter(({ resource }) => !resource.parent || mustRelease(resource, mask))
      : [];
    const kept = new Set(items.filter((item) => !release.includes(item)).map(({ resource }) => resource));
    for (const resource of kept) additions.delete(resource);
    for (const { resource } of release) if (resource.parent) resource.release();
    for (const item of release) Object.assign(item.resource, before[items.indexOf(item)]);
    return release;
  }

  /** What finds no place is nothing until it is asked for again (reset_resource). */
  #placeOrDrop(item: Item, failures: Failure[]): void {
    const { start, end } = item.resource;
    if (this.#place(item)) return;
    const failure = { ...item, start, end, flags: item.resource.flags };
    if (!isDormantRom(item)) failures.push(failure);
    this.#parts.decisions.dropped(failure);
    Object.assign(item.resource, { start: 0, end: -1, flags: 0 });
  }

  #grow(item: Item, addition: { readonly size: number; readonly align: number }): void {
    const { resource } = item;
    if (resource.size > 0) {
      this.#expand(item, addition);
      return;
    }
    Object.assign(resource, { start: addition.align, end: addition.align + addition.size - 1 });
    this.#placeOrDrop(item, []);
  }

  /** pci_reassign_resource */
  #expand(item: Item, { size, align }: { readonly size: number; readonly align: number }): void {
    const { decisions } = this.#parts;
    const { dev, index, resource } = item;
    const what = () => `pci ${dev.name}: ${resourceName(index)} ${formatResource(resource)}`;
    const looks: Look[] = [];
    const wanted = { resource, size: resource.size + size, align };
    if (resource.parent && placeOn(dev.bus, wanted, this.#ground(looks))) {
      const line = `${what()}: reassigned; expanded by 0x${digits(size)}`;
      decisions.placed("expand", item, { line, looks, window: resource.parent });
      if (index < PCI_ROM_RESOURCE || isIov(index)) this.#writeBar(item);
      return;
    }
    const failed = "There is no room to make it larger";
    decisions.placed("expand", item, {
      line: `${what()}: failed to expand by 0x${digits(size)}`,
      looks,
      failed,
    });
    decisions.info(`${what()}: failed to add ${digits(size)}`);
  }

  /** pci_assign_resource */
  #place(item: Item): boolean {
    const { dev, index, resource } = item;
    const { decisions } = this.#parts;
    resource.flags |= IORESOURCE.UNSET;
    const looks: Look[] = [];
    const what = () => `pci ${dev.name}: ${resourceName(index)} ${formatResource(resource)}`;
    const wanted = { resource, size: resource.size, align: resource.alignment };
    if (!placeOn(dev.bus, wanted, this.#ground(looks))) {
      const failed = reasonOf(item);
      decisions.placed("place", item, { line: `${what()}: can't assign; no space`, looks, failed });
      if (!useFirmwareAddress(item, this.#parts)) {
        decisions.info(`${what()}: failed to assign`);
        return false;
      }
    }
    resource.flags &= ~(IORESOURCE.UNSET | IORESOURCE.STARTALIGN);
    decisions.placed("place", item, { line: `${what()}: assigned`, looks, window: resource.parent });
    if (index < PCI_ROM_RESOURCE || isIov(index)) this.#writeBar(item);
    return true;
  }

  #ground(looks: Look[]): Ground {
    const { ground, decisions } = this.#parts;
    return decisions.records ? { ...ground, looked: (look) => looks.push(look) } : ground;
  }

  /** 64-bit BARs with memory decode off between the two halves. */
  #writeBar({ dev, index, resource }: Item): void {
    const { config } = this.#parts;
    const at = isIov(index)
      ? config.findExtendedCapability(dev.bdf, SRIOV_ID) + 0x24 + (index - PCI_IOV_RESOURCES) * 4
      : 0x10 + index * 4;
    const start = config.toBus(resource.has(IORESOURCE.IO) ? "io" : "memory", resource.start);
    const low = (start % TWO_32) | (resource.flags & 15);
    if (!resource.has(IORESOURCE.MEM_64)) {
      config.write32(dev.bdf, at, low);
      return;
    }
    const command = config.read(dev.bdf, 4, 2);
    config.write(dev.bdf, 4, { width: 2, value: command & ~2 });
    config.write32(dev.bdf, at, low);
    config.write32(dev.bdf, at + 4, Math.floor(start / TWO_32));
    config.write(dev.bdf, 4, { width: 2, value: command });
  }
}

/** A ROM that nobody switched on may do without a place. */
function isDormantRom({ index, resource }: Item): boolean {
  return index === PCI_ROM_RESOURCE && (resource.flags & 1) === 0;
}

/** Why nothing was found, in a sentence. */
function reasonOf({ dev, resource }: Item): string {
  const kind = IORESOURCE.IO | IORESOURCE.MEM;
  const windows = dev.bus.resources.filter((it) => it.isPlaced && !((it.flags ^ resource.flags) & kind));
  const space = resource.has(IORESOURCE.IO) ? "I/O" : "memory";
  const above = dev.bus.self ? `the bridge ${dev.bus.self.name} above` : "the host bridge";
  if (!windows.length) return `There is no ${space} window in ${above}`;
  if (!resource.has(IORESOURCE.PREFETCH) && windows.every((it) => it.has(IORESOURCE.PREFETCH)))
    return `What is not prefetchable fits into no ${space} window of ${above}`;
  const [size, align] = [digits(resource.size), digits(resource.alignment)];
  return `No gap in the ${space} windows of ${above} holds 0x${size} bytes aligned to 0x${align}`;
}

/** Whether room of this kind can help what failed (pci_need_to_release): prefetchable may live in other memory, too. */
function mustRelease(resource: Resource, failed: number): boolean {
  if (resource.has(IORESOURCE.IO)) return (failed & IORESOURCE.IO) !== 0;
  if (!resource.has(IORESOURCE.PREFETCH)) return (failed & IORESOURCE.MEM) !== 0;
  if (failed & IORESOURCE.PREFETCH) return true;
  return (failed & IORESOURCE.MEM) !== 0 && !resource.parent?.has(IORESOURCE.PREFETCH);
}

function bySize(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => b.resource.alignment - a.resource.alignment);
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
