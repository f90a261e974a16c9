/**
 * Finding room (Linux kernel/resource.c find_resource, drivers/pci/bus.c, arch/x86/pci/i386.c): first fit from the
 * bottom in the windows of a bus, with x86's rules of alignment.
 */
import type { PciBus } from "./pci-dev";
import { IORESOURCE, type Resource } from "./resource";

const TYPE_BITS = IORESOURCE.IO | IORESOURCE.MEM;
const FOUR_GIB = 2 ** 32;
const MIN_IO = 0x1000;
const BIOS_END = 0x100000;
/** The top 2 MiB below 4 GiB belong to the firmware's ROM. */
const ROM = { start: 0xffe00000, end: 0xffffffff } as const;

interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Wanted {
  readonly resource: Resource;
  readonly size: number;
  readonly align: number;
}

/** On the bus, or above a transparent bridge; true if the resource now has a place (_pci_assign_resource). */
export function placeOn(bus: PciBus, wanted: Wanted, minMemory: number): boolean {
  for (let at: PciBus | undefined = bus; at; at = at.self?.isTransparent ? at.parent : undefined) {
    if (placeInWindows(at, wanted, minMemory)) return true;
  }
  return false;
}

/** Tries the windows in their order, kinds that match best first. */
function placeInWindows(bus: PciBus, wanted: Wanted, minMemory: number): boolean {
  const { PREFETCH, MEM_64 } = IORESOURCE;
  const { flags } = wanted.resource;
  if (placeByMask(bus, wanted, { mask: PREFETCH | MEM_64, minMemory })) return true;
  if (
    (flags & (PREFETCH | MEM_64)) === (PREFETCH | MEM_64) &&
    placeByMask(bus, wanted, { mask: PREFETCH, minMemory })
  )
    return true;
  return (flags & (PREFETCH | MEM_64)) !== 0 && placeByMask(bus, wanted, { mask: 0, minMemory });
}

interface Constraint {
  /** Flags that must be equal, besides the type. */
  readonly mask: number;
  readonly minMemory: number;
}

/** 64-bit resources go above 4 GiB if they can, others stay below. */
function placeByMask(bus: PciBus, wanted: Wanted, constraint: Constraint): boolean {
  const wide = wanted.resource.has(IORESOURCE.MEM_64);
  const regions = wide
    ? [
        { start: FOUR_GIB, end: Number.MAX_SAFE_INTEGER },
        { start: 0, end: Number.MAX_SAFE_INTEGER },
      ]
    : [{ start: 0, end: FOUR_GIB - 1 }];
  return regions.some((region) =>
    bus.resources.some((window) => placeIn(window, wanted, { ...constraint, region })),
  );
}

function placeIn(
  window: Resource,
  wanted: Wanted,
  { mask, minMemory, region }: Constraint & { readonly region: Range },
): boolean {
  const { resource } = wanted;
  if (!window.parent || (resource.flags ^ window.flags) & (mask | TYPE_BITS)) return false;
  if (window.has(IORESOURCE.PREFETCH) && !resource.has(IORESOURCE.PREFETCH)) return false;
  const least = window.start || (resource.has(IORESOURCE.IO) ? MIN_IO : minMemory);
  const clip = { start: Math.max(region.start, least), end: Math.min(region.end, window.end) };
  const start = firstFit(window, wanted, clip);
  if (start === undefined) return false;
  const { parent } = resource;
  if (parent) resource.release();
  resource.start = start;
  resource.end = start + wanted.size - 1;
  window.request(resource);
  return true;
}

/** The lowest address where it fits; its own present place counts as free. */
function firstFit(window: Resource, wanted: Wanted, clip: Range): number | undefined {
  for (const gap of gaps(window, wanted.resource)) {
    const free = withoutRom({ start: Math.max(gap.start, clip.start), end: Math.min(gap.end, clip.end) });
    const start = alignUp(alignUp(free.start, wanted.align), wanted.align);
    const placed = x86Start(start, wanted);
    if (start >= free.start && placed + wanted.size - 1 <= free.end) return placed;
  }
  return undefined;
}

function* gaps(window: Resource, self: Resource): Generator<Range> {
  let { start } = window;
  for (const taken of window.children) {
    if (taken === self) continue;
    if (taken.start > start) yield { start, end: taken.start - 1 };
    start = taken.end + 1;
  }
  if (start <= window.end) yield { start, end: window.end };
}

function withoutRom({ start, end }: Range): Range {
  if (end < ROM.start || start > ROM.end) return { start, end };
  return start < ROM.start ? { start, end: ROM.start - 1 } : { start: ROM.end + 1, end };
}

/** I/O avoids the aliases of ISA cards that decode ten bits; memory avoids the first MiB. */
function x86Start(start: number, { resource }: Wanted): number {
  if (resource.has(IORESOURCE.IO)) return start & 0x300 ? (start + 0x3ff) & ~0x3ff : start;
  return Math.max(start, BIOS_END);
}

export function alignUp(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}
