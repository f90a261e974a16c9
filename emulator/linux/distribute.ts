/**
 * What is left in the windows of a hot-plug port goes to the hot-plug ports below it, in equal parts
 * (drivers/pci/setup-bus.c, pci_bus_distribute_available_resources).
 */
import { alignUp, type Range } from "./allocate";
import { BRIDGE_IO, BRIDGE_MEMORY, BRIDGE_PREFETCHABLE, type PciBus, type PciDev } from "./pci-dev";
import type { Resource } from "./resource";
import type { Additions } from "./size-windows";

const WINDOWS = [BRIDGE_IO, BRIDGE_MEMORY, BRIDGE_PREFETCHABLE] as const;

/** By index of the window. */
export type Available = Readonly<Record<(typeof WINDOWS)[number], Range>>;

const sizeOf = ({ start, end }: Range) => Math.max(0, end - start + 1);

export function distribute(bus: PciBus, available: Available, additions: Additions): void {
  const bridge = bus.self;
  if (!bridge) return;
  const aligned = each((index) => alignedFor(bridge.resource[index], available[index]));
  for (const index of WINDOWS) resize(bridge.resource[index], sizeOf(aligned[index]), additions);
  const bridges = bus.devices.filter(({ subordinate }) => subordinate);
  const [only] = bridges;
  if (bridges.length === 1 && only?.subordinate) {
    distribute(only.subordinate, aligned, additions);
    return;
  }
  const hotplug = bridges.filter(({ isHotplugBridge }) => isHotplugBridge);
  if (!hotplug.length) return;
  const others = bridges.filter(({ isHotplugBridge }) => !isHotplugBridge);
  const rest = each((index) => withoutOthers(aligned[index], others, index));
  const part = each((index) => ({ start: 0, end: Math.floor(sizeOf(rest[index]) / hotplug.length) - 1 }));
  for (const [turn, { subordinate }] of hotplug.entries()) {
    const share = each((index) => shareOf(rest[index], sizeOf(part[index]), turn));
    if (subordinate) distribute(subordinate, share, additions);
  }
}

function each(make: (index: (typeof WINDOWS)[number]) => Range): Available {
  return {
    [BRIDGE_IO]: make(BRIDGE_IO),
    [BRIDGE_MEMORY]: make(BRIDGE_MEMORY),
    [BRIDGE_PREFETCHABLE]: make(BRIDGE_PREFETCHABLE),
  };
}

function shareOf({ start }: Range, size: number, turn: number): Range {
  return { start: start + turn * size, end: start + (turn + 1) * size - 1 };
}

/** From where the window could begin. */
function alignedFor(window: Resource | undefined, { start, end }: Range): Range {
  const align = window && !window.parent ? window.alignment : 0;
  return align ? { start: Math.min(alignUp(start, align), end + 1), end } : { start, end };
}

function resize(window: Resource | undefined, size: number, additions: Additions): void {
  if (!window?.flags || window.parent || !size) return;
  window.end = window.start + size - 1;
  additions.delete(window);
}

/** What bridges without hot-plug need comes first. */
function withoutOthers(range: Range, others: readonly PciDev[], index: number): Range {
  return others.reduce(({ start, end }, { resource }) => {
    const window = resource[index];
    if (!window || window.parent) return { start, end };
    const from = window.alignment ? alignUp(start, window.alignment) : start;
    return { start: Math.min(from + window.size, end + 1), end };
  }, range);
}
