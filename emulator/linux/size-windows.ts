/**
 * Sizing bridge windows bottom-up (Linux drivers/pci/setup-bus.c: pbus_size_io, pbus_size_mem, calculate_mem_align).
 * What a bridge must have goes into the window itself; room for hot-plug is an addition on a list of its own.
 * Not modelled: 1 KiB I/O windows, CardBus windows.
 */
import { digits, hex } from "../core/hex";
import { alignUp } from "./allocate";
import type { Decisions } from "./decisions";
import {
  BRIDGE_IO,
  BRIDGE_MEMORY,
  BRIDGE_PREFETCHABLE,
  type PciBus,
  type PciDev,
  resourceName,
  span,
} from "./pci-dev";
import type { PciOptions } from "./pci-options";
import { formatResource, IORESOURCE, type Resource } from "./resource";

/** Optional room for a resource, if there is space in the end. */
export interface Addition {
  readonly dev: PciDev;
  readonly index: number;
  readonly size: number;
  readonly align: number;
}

export type Additions = Map<Resource, Addition>;

const MIB = 2 ** 20;
const IO_GRANULARITY = 0x1000;
/** I/O resources of this size and more are summed apart. */
const LARGE_IO = 0x400;
/** No BAR is larger than 8 TiB. */
const LARGEST_ORDER = 24;
const { MEM, PREFETCH, MEM_64, IO, STARTALIGN, PCI_FIXED } = IORESOURCE;

export interface Sizing {
  /** Where optional room goes; without it, all room is needed. */
  readonly additions: Additions | undefined;
  readonly hotplug: PciOptions["hotplug"];
  readonly decisions: Decisions;
}

/** Sizes all windows below `bus`, children first (__pci_bus_size_bridges). */
export function sizeBridges(bus: PciBus, sizing: Sizing): void {
  for (const { subordinate } of bus.devices) if (subordinate) sizeBridges(subordinate, sizing);
  if (bus.self) sizeWindows(bus, bus.self, sizing);
}

function sizeWindows(bus: PciBus, bridge: PciDev, context: Sizing): void {
  const reserve = bridge.isHotplugBridge ? context.hotplug : { io: 0, memory: 0, prefetchable: 0 };
  restoreKinds(bridge);
  const owned = { ...context, bus, bridge };
  sizeIo({ ...owned, window: findWindow(bus, IO, IO), reserve: reserve.io });
  const wide = bridge.resource[BRIDGE_PREFETCHABLE]?.has(MEM_64) ? MEM_64 : 0;
  const kind = MEM | PREFETCH | wide;
  const prefetchable = findWindow(bus, kind, kind);
  if (prefetchable)
    sizeMemory({ ...owned, window: prefetchable, mask: kind, kinds: [kind], reserve: reserve.prefetchable });
  const mask = prefetchable ? kind : MEM;
  const kinds = prefetchable && wide ? [MEM, MEM | PREFETCH, MEM | MEM_64] : [MEM];
  const window = findWindow(bus, mask | PREFETCH, MEM);
  const extra = prefetchable ? 0 : reserve.prefetchable;
  sizeMemory({ ...owned, window, mask, kinds, reserve: reserve.memory + extra });
}

/** A window that had been dropped can be needed now (pci_bridge_check_ranges). */
function restoreKinds({ resource, windowFlags }: PciDev): void {
  for (const index of [BRIDGE_IO, BRIDGE_MEMORY, BRIDGE_PREFETCHABLE]) {
    const window = resource[index];
    if (window) window.flags |= windowFlags[index] ?? 0;
  }
}

/** One that has no place yet, else one that has (find_bus_resource_of_type). */
function findWindow({ resources }: PciBus, mask: number, kind: number): Resource | undefined {
  const same = resources.filter(({ flags }) => (flags & mask) === kind);
  return same.find(({ isPlaced }) => !isPlaced) ?? same[0];
}

interface Context extends Sizing {
  readonly bus: PciBus;
  readonly bridge: PciDev;
  readonly window: Resource | undefined;
  readonly reserve: number;
}

interface Member {
  readonly dev: PciDev;
  readonly index: number;
  readonly resource: Resource;
}

function unplaced({ devices }: PciBus): readonly Member[] {
  return devices.flatMap((dev) =>
    [...dev.resource.entries()].flatMap(([index, resource]) =>
      resource && !resource.parent ? [{ dev, index, resource }] : [],
    ),
  );
}

function addedBelow(members: readonly Member[], additions: Additions | undefined): number {
  return members.reduce((sum, { resource }) => sum + (additions?.get(resource)?.size ?? 0), 0);
}

function sizeIo(context: Context): void {
  const { bus, window, additions, reserve } = context;
  if (!window || window.isPlaced) return;
  const members = unplaced(bus).filter(({ resource }) => resource.has(IO));
  const sizes = members.map(({ resource }) => resource.size);
  const [small, large] = [
    sizes.filter((size) => size < LARGE_IO),
    sizes.filter((size) => size >= LARGE_IO),
  ].map(total) as [number, number];
  const align = Math.max(IO_GRANULARITY, ...members.map(({ resource }) => resource.alignment));
  const children = addedBelow(members, additions);
  const needed = Math.max(Math.max(small, additions ? 0 : reserve) + large, oldSize(window));
  const must = alignUp(needed, align);
  const may =
    additions && (reserve || children) ? alignUp(Math.max(needed, reserve) + children, align) : must;
  settle(context, window, { must, may, align });
}

interface MemoryContext extends Context {
  /** Which flags decide whether a resource belongs into this window, and their values that do. */
  readonly mask: number;
  readonly kinds: readonly number[];
}

function sizeMemory(context: MemoryContext): void {
  const { bus, window, additions, reserve, mask, kinds } = context;
  if (!window || window.isPlaced) return;
  const all = unplaced(bus)
    .filter(({ resource }) => !resource.has(PCI_FIXED) && kinds.includes(resource.flags & mask))
    .filter((member) => hasUsableAlignment(member, context));
  if (additions) makeOptional(all, additions);
  const members = all.map(({ resource }) => resource).filter((it) => !additions || it.part === undefined);
  const size = members.reduce((sum, it) => sum + Math.max(it.size, it.alignment), 0);
  const align = Math.max(MIB, memoryAlign(members));
  const children = addedBelow(all, additions);
  const addAlign = Math.max(align, ...all.map(({ resource }) => additions?.get(resource)?.align ?? 0));
  const needed = Math.max(size, additions ? 0 : reserve, oldSize(window));
  const must = alignUp(needed, align);
  const may =
    additions && (reserve || children) ? alignUp(Math.max(needed, reserve) + children, addAlign) : must;
  settle(context, window, { must, may, align, addAlign });
}

/** A window that was released keeps its size at least. */
function oldSize({ size }: Resource): number {
  return size === 1 ? 0 : Math.max(0, size);
}

function hasUsableAlignment({ dev, index, resource }: Member, { decisions }: Sizing): boolean {
  if (orderOf(resource.alignment) < LARGEST_ORDER) return true;
  const what = `${resourceName(index)} ${formatResource(resource)}`;
  decisions.warn(`pci ${dev.name}: disabling ${what} (bad alignment ${hex(resource.alignment)})`);
  resource.flags = 0;
  return false;
}

/** BARs of virtual functions may do without a place: their room is an addition. */
function makeOptional(members: readonly Member[], additions: Additions): void {
  for (const { dev, index, resource } of members) {
    if (resource.part === undefined || resource.size <= 0) continue;
    additions.set(resource, { dev, index, size: resource.size, align: resource.part });
    resource.end = resource.start - 1;
  }
}

/** The smallest alignment at which the members still fit without gaps between sizes (calculate_mem_align). */
function memoryAlign(members: readonly Resource[]): number {
  const sums: number[] = [];
  for (const member of members) {
    const [align, order] = [member.alignment, orderOf(member.alignment)];
    sums[order] = (sums[order] ?? 0) + (member.size <= align ? align : 0);
  }
  let [accumulated, least] = [0, 0];
  for (let order = 0; order < sums.length; order++) {
    const step = 2 ** (order + 20);
    if (!accumulated) least = step;
    else if (alignUp(accumulated + least, least) < step) least = step / 2;
    accumulated += sums[order] ?? 0;
  }
  return least;
}

/** Above 1 MiB: 0 for that and less, 1 for 2 MiB. Of an alignment that is no power of two its lowest bit counts. */
function orderOf(align: number): number {
  if (align <= MIB) return 0;
  const bits = BigInt(align);
  return Math.max(0, Math.log2(Number(bits & -bits)) - 20);
}

interface Room {
  readonly must: number;
  readonly may: number;
  readonly align: number;
  /** Of memory. */
  readonly addAlign?: number;
}

/** An unplaced window says its alignment by its start. */
function settle({ bus, bridge, additions, decisions }: Context, window: Resource, room: Room): void {
  const { must, may, align, addAlign } = room;
  const index = bridge.resource.indexOf(window);
  const text = () => `pci ${bridge.name}: bridge window ${formatResource(window)} to ${span(bus)}`;
  if (!must && !may) {
    if (window.start || window.end > 0)
      decisions.info(
        `pci ${bridge.name}: disabling bridge window ${formatResource(window)} to ${span(bus)} (unused)`,
      );
    window.flags = 0;
    return;
  }
  Object.assign(window, { start: align, end: align + must - 1, flags: window.flags | STARTALIGN });
  const more = additions && may > must;
  if (more) additions.set(window, { dev: bridge, index, size: may - must, align: addAlign ?? align });
  const aligned = addAlign === undefined ? "" : ` add_align ${digits(addAlign)}`;
  const line = more ? `${text()} add_size ${digits(may - must)}${aligned}` : "";
  decisions.sized({ dev: bridge, index, resource: window }, { must, may, line });
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
