/**
 * Sizing bridge windows bottom-up (Linux drivers/pci/setup-bus.c: pbus_size_io, pbus_size_mem, calculate_mem_align).
 * What a bridge must have goes into the window itself; room for hot-plug is an addition on a list of its own.
 * Not modelled: 1 KiB I/O windows.
 */
import { digits } from "../core/hex";
import { alignUp } from "./allocate";
import type { KernelLog } from "./log";
import { BRIDGE_IO, BRIDGE_MEMORY, BRIDGE_PREFETCHABLE, type PciBus, type PciDev } from "./pci-dev";
import { formatResource, IORESOURCE, type Resource } from "./resource";

/** Optional room for a resource, if there is space in the end. */
export interface Addition {
  readonly dev: PciDev;
  readonly index: number;
  readonly size: number;
  readonly align: number;
}

export type Additions = Map<Resource, Addition>;

const MIB = 1 << 20;
const IO_GRANULARITY = 0x1000;
/** pci=hpiosize, hpmmiosize, hpmmioprefsize. */
const HOTPLUG = { io: 256, memory: 2 * MIB, prefetchable: 2 * MIB } as const;
/** I/O resources of this size and more are summed apart. */
const LARGE_IO = 0x400;
const { MEM, PREFETCH, MEM_64, IO, STARTALIGN, SIZEALIGN } = IORESOURCE;

/** Alignment that a resource asks for (pci_resource_alignment). */
export function alignmentOf(resource: Resource): number {
  if (resource.part !== undefined) return resource.part;
  if (resource.has(SIZEALIGN)) return resource.size;
  return resource.has(STARTALIGN) ? resource.start : 0;
}

export interface Sizing {
  /** Where optional room goes; without it, all room is needed. */
  readonly additions: Additions | undefined;
  readonly log: KernelLog;
}

/** Sizes all windows below `bus`, children first. */
export function sizeBridges(bus: PciBus, sizing: Sizing): void {
  for (const { subordinate } of bus.devices) if (subordinate) sizeBridges(subordinate, sizing);
  if (bus.self) sizeWindows(bus, bus.self, sizing);
}

function sizeWindows(bus: PciBus, bridge: PciDev, context: Sizing): void {
  const reserve = bridge.isHotplugBridge ? HOTPLUG : { io: 0, memory: 0, prefetchable: 0 };
  sizeIo(bus, bridge, { ...context, reserve: reserve.io });
  const prefetchable = bridge.resource[BRIDGE_PREFETCHABLE];
  const wide = prefetchable?.has(MEM_64) ?? false;
  if (prefetchable) {
    const kinds = [MEM | PREFETCH | (wide ? MEM_64 : 0)];
    sizeMemory(bus, bridge, {
      ...context,
      index: BRIDGE_PREFETCHABLE,
      mask: kinds[0] ?? 0,
      kinds,
      reserve: reserve.prefetchable,
    });
  }
  const mask = prefetchable ? MEM | PREFETCH | (wide ? MEM_64 : 0) : MEM;
  const kinds = wide ? [MEM, MEM | PREFETCH, MEM | MEM_64] : [MEM];
  const extra = prefetchable ? 0 : reserve.prefetchable;
  sizeMemory(bus, bridge, { ...context, index: BRIDGE_MEMORY, mask, kinds, reserve: reserve.memory + extra });
}

function unplaced(bus: PciBus): readonly Resource[] {
  return bus.devices.flatMap(({ resource }) =>
    resource.filter((it) => it !== undefined && !it.parent),
  ) as Resource[];
}

function addedBelow(resources: readonly Resource[], additions: Additions | undefined): number {
  return resources.reduce((sum, resource) => sum + (additions?.get(resource)?.size ?? 0), 0);
}

function sizeIo(
  bus: PciBus,
  bridge: PciDev,
  { additions, log, reserve }: Sizing & { reserve: number },
): void {
  const window = bridge.resource[BRIDGE_IO];
  if (!window || window.parent) return;
  const members = unplaced(bus).filter((it) => it.has(IO));
  const small = total(members.filter(({ size }) => size < LARGE_IO));
  const large = total(members.filter(({ size }) => size >= LARGE_IO));
  const align = Math.max(IO_GRANULARITY, ...members.map(alignmentOf));
  const children = addedBelow(members, additions);
  const must = alignUp(Math.max(small, additions ? 0 : reserve) + large, align);
  const may = alignUp(Math.max(small + large, additions ? reserve : 0) + children, align);
  if (!setWindow(window, { must, may: additions ? may : must, align })) return;
  if (additions && may > must) {
    log.info(
      `pci ${bridge.name}: bridge window ${formatResource(window)} to [bus ${busOf(bus)}] add_size ${digits(may - must)}`,
    );
    additions.set(window, { dev: bridge, index: BRIDGE_IO, size: may - must, align });
  }
}

interface MemoryContext extends Sizing {
  readonly index: number;
  /** Which flags decide whether a resource belongs into this window, and their values that do. */
  readonly mask: number;
  readonly kinds: readonly number[];
  readonly reserve: number;
}

function sizeMemory(
  bus: PciBus,
  bridge: PciDev,
  { additions, log, index, mask, kinds, reserve }: MemoryContext,
): void {
  const window = bridge.resource[index];
  if (!window || window.parent) return;
  const all = unplaced(bus).filter(({ flags }) => kinds.includes(flags & (mask | MEM)));
  if (additions) makeOptional(bus, all, additions);
  const members = all.filter((it) => !additions || it.part === undefined);
  const size = members.reduce((sum, it) => sum + Math.max(it.size, alignmentOf(it)), 0);
  const align = Math.max(MIB, memoryAlign(members));
  const children = addedBelow(all, additions);
  const addAlign = Math.max(align, ...all.map((it) => additions?.get(it)?.align ?? 0));
  const must = alignUp(Math.max(size, additions ? 0 : reserve), align);
  const may = reserve || children ? alignUp(Math.max(size, reserve) + children, addAlign) : must;
  if (!setWindow(window, { must, may: additions ? may : must, align })) return;
  if (additions && may > must) {
    log.info(
      `pci ${bridge.name}: bridge window ${formatResource(window)} to [bus ${busOf(bus)}] add_size ${digits(may - must)} add_align ${digits(addAlign)}`,
    );
    additions.set(window, { dev: bridge, index, size: may - must, align: addAlign });
  }
}

/** BARs of virtual functions may do without a place: their room is an addition. */
function makeOptional(bus: PciBus, resources: readonly Resource[], additions: Additions): void {
  for (const dev of bus.devices) {
    for (const [index, resource] of dev.resource.entries()) {
      if (resource?.part === undefined || !resources.includes(resource) || resource.size <= 0) continue;
      additions.set(resource, { dev, index, size: resource.size, align: resource.part });
      resource.end = resource.start - 1;
    }
  }
}

/** The smallest alignment at which the members still fit without gaps between sizes (calculate_mem_align). */
function memoryAlign(members: readonly Resource[]): number {
  const sums: number[] = [];
  for (const member of members) {
    const order = Math.max(0, Math.log2(alignmentOf(member)) - 20);
    sums[order] = (sums[order] ?? 0) + (member.size <= alignmentOf(member) ? alignmentOf(member) : 0);
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

/** An unplaced window says its alignment by its start; false if there is nothing to put in. */
function setWindow(
  window: Resource,
  { must, may, align }: { must: number; may: number; align: number },
): boolean {
  if (!must && !may) {
    window.flags = 0;
    return false;
  }
  window.start = align;
  window.end = align + must - 1;
  window.flags |= STARTALIGN;
  return true;
}

function total(resources: readonly Resource[]): number {
  return resources.reduce((sum, { size }) => sum + size, 0);
}

function busOf({ number, subordinate }: PciBus): string {
  return subordinate === number ? digits(number, 2) : `${digits(number, 2)}-${digits(subordinate, 2)}`;
}
