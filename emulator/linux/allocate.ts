/**
 * Finding room (Linux kernel/resource.c find_resource, drivers/pci/bus.c, arch/x86/pci/i386.c): first fit from the
 * bottom in the windows of a bus, with x86's rules of alignment.
 */
import type { PciBus } from "./pci-dev";
import { IORESOURCE, type Resource } from "./resource";

const { IO, MEM, PREFETCH, MEM_64 } = IORESOURCE;
const FOUR_GIB = 2 ** 32;
const MIN_IO = 0x1000;
const BIOS_END = 0x100000;
/** The top 2 MiB below 4 GiB belong to the firmware's ROM. */
const ROM = { start: 0xffe00000, end: 0xffffffff } as const;
const EVERYWHERE = { start: 0, end: Number.MAX_SAFE_INTEGER } as const;

export interface Range {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

export interface Wanted {
  readonly resource: Resource;
  readonly size: number;
  readonly align: number;
}

/** A window that was asked, and its gaps in order. */
export interface Look {
  readonly window: Resource;
  /** Why it was not looked into. */
  readonly refused?: string;
  readonly gaps: readonly (Range & { readonly refused?: string })[];
}

/** What decides besides the windows. */
export interface Ground {
  /** Lowest memory address to use where a window starts at 0: the end of RAM. */
  readonly minMemory: number;
  /** What the memory map keeps from PCI. */
  readonly reserved: readonly Range[];
  /** Told of every window that is asked. */
  readonly looked?: (look: Look) => void;
}

/** On the bus, or above a transparent bridge; true if the resource now has a place (_pci_assign_resource). */
export function placeOn(bus: PciBus, wanted: Wanted, ground: Ground): boolean {
  for (let at: PciBus | undefined = bus; at; at = at.self?.isTransparent ? at.parent : undefined) {
    if (placeInWindows(at, wanted, ground)) return true;
  }
  return false;
}

/** Tries the windows in their order, kinds that match best first. */
function placeInWindows(bus: PciBus, wanted: Wanted, ground: Ground): boolean {
  const kind = wanted.resource.flags & (PREFETCH | MEM_64);
  const masks = [
    PREFETCH | MEM_64,
    ...(kind === (PREFETCH | MEM_64) ? [PREFETCH] : []),
    ...(kind ? [0] : []),
  ];
  return masks.some((mask) => placeByMask(bus, wanted, { ...ground, mask }));
}

interface Constraint extends Ground {
  /** Flags that must be equal, besides the type. */
  readonly mask: number;
}

/** 64-bit resources go above 4 GiB if they can, others stay below. */
function placeByMask(bus: PciBus, wanted: Wanted, constraint: Constraint): boolean {
  const below = { start: 0, end: FOUR_GIB - 1 };
  const above = { start: FOUR_GIB, end: EVERYWHERE.end };
  const regions = wanted.resource.has(MEM_64) ? [above, EVERYWHERE] : [below];
  return regions.some((region) =>
    bus.resources.some((window) => placeIn(window, wanted, { ...constraint, region })),
  );
}

function placeIn(
  window: Resource,
  wanted: Wanted,
  { mask, minMemory, region, reserved, looked }: Constraint & { readonly region: Range },
): boolean {
  const { resource } = wanted;
  if (!window.isPlaced || (resource.flags ^ window.flags) & (IO | MEM)) return false;
  const refused = mismatch(window, resource, mask);
  if (refused !== undefined) {
    looked?.({ window, refused, gaps: [] });
    return false;
  }
  const least = window.start || (resource.has(IO) ? MIN_IO : minMemory);
  const clip = { start: Math.max(region.start, least), end: Math.min(region.end, window.end) };
  const gaps: (Range & { refused?: string })[] = [];
  const start = firstFit(window, wanted, { clip, reserved, ...(looked && { gaps }) });
  looked?.({ window, gaps });
  if (start === undefined) return false;
  move(resource, window, { start, end: start + wanted.size - 1 });
  return true;
}

function mismatch(window: Resource, resource: Resource, mask: number): string | undefined {
  if (window.has(PREFETCH) && !resource.has(PREFETCH)) return "it is prefetchable, this is not";
  if ((window.flags ^ resource.flags) & mask & MEM_64) return "a window of the same width is tried first";
  return (window.flags ^ resource.flags) & mask ? "a prefetchable window is tried first" : undefined;
}

function move(resource: Resource, window: Resource, { start, end }: Range): void {
  if (resource.parent) resource.release();
  resource.start = start;
  resource.end = end;
  window.request(resource);
}

interface Search {
  readonly clip: Range;
  readonly reserved: readonly Range[];
  /** Where to note what did not fit. */
  readonly gaps?: (Range & { refused?: string })[];
}

/** The lowest address where it fits; its own present place counts as free. */
function firstFit(window: Resource, wanted: Wanted, { clip, reserved, gaps }: Search): number | undefined {
  for (const gap of gapsOf(window, wanted.resource)) {
    const free = usable({ start: Math.max(gap.start, clip.start), end: Math.min(gap.end, clip.end) }, [
      ...(wanted.resource.has(MEM) ? [ROM, ...reserved] : []),
    ]);
    const start = alignUp(free.start, wanted.align);
    const placed = x86Start(start, wanted);
    const fits = placed + wanted.size - 1 <= free.end;
    gaps?.push(fits ? gap : { ...gap, refused: whyNot(gap, free, wanted) });
    if (fits) return placed;
  }
  return undefined;
}

function whyNot(gap: Range, free: Range, { size }: Wanted): string {
  if (gap.end - gap.start + 1 < size) return "too small";
  return free.end - free.start + 1 < size ? "too small without what is reserved" : "too small once aligned";
}

/** The ranges of a window that nobody has, in order; `self` counts as nobody. */
export function* gapsOf(window: Resource, self?: Resource): Generator<Range> {
  let { start } = window;
  for (const taken of window.children) {
    if (taken === self) continue;
    if (taken.start > start) yield { start, end: taken.start - 1 };
    start = taken.end + 1;
  }
  if (start <= window.end) yield { start, end: window.end };
}

/** Of what lies around a reserved range the larger side stays (resource_clip). */
export function usable(range: Range, reserved: readonly Range[]): Range {
  return reserved.reduce(({ start, end }, taken) => {
    if (end < taken.start || start > taken.end || start > end) return { start, end };
    const low = Math.max(0, taken.start - start);
    const high = Math.max(0, end - taken.end);
    return low > high ? { start, end: taken.start - 1 } : { start: taken.end + 1, end };
  }, range);
}

/** I/O avoids the aliases of ISA cards that decode ten bits; memory avoids the first MiB. */
function x86Start(start: number, { resource }: Wanted): number {
  if (resource.has(IO)) return start & 0x300 ? (start + 0x3ff) & ~0x3ff : start;
  return Math.max(start, BIOS_END);
}

export function alignUp(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}
