/** Taking windows back so that a larger one can be tried (drivers/pci/setup-bus.c, pci_bus_release_bridge_resources). */
import type { ConfigSpace } from "./config";
import type { Decisions } from "./decisions";
import {
  BRIDGE_IO,
  BRIDGE_MEMORY,
  BRIDGE_PREFETCHABLE,
  type PciBus,
  type PciDev,
  resourceName,
} from "./pci-dev";
import { formatResource, IORESOURCE, type Resource } from "./resource";
import { setUpBridge } from "./set-up-bridge";

const { IO, MEM, PREFETCH, MEM_64 } = IORESOURCE;
const TYPE = IO | MEM | PREFETCH | MEM_64;
const PCI_BRIDGE = 0x0604;

export interface ReleaseParts {
  readonly config: ConfigSpace;
  readonly decisions: Decisions;
}

/** Which bridges give their windows back. */
export type Extent = "leaf" | "subtree";

/** Of the bridge above `bus`, and below it with `subtree`, the window where something of these flags would live. */
export function releaseWindows(
  bus: PciBus,
  parts: ReleaseParts,
  { flags, extent }: { readonly flags: number; readonly extent: Extent },
): void {
  const bridges = bus.devices.filter(({ subordinate }) => subordinate);
  if (extent === "subtree") {
    for (const { subordinate } of bridges.filter(isPciBridge))
      if (subordinate) releaseWindows(subordinate, parts, { flags, extent });
  }
  if (!bus.self || !isPciBridge(bus.self)) return;
  if (extent === "subtree" || !bridges.length) releaseWindow(bus.self, parts, flags & TYPE);
}

function isPciBridge({ class: code }: PciDev): boolean {
  return code >>> 8 === PCI_BRIDGE;
}

function releaseWindow(dev: PciDev, { config, decisions }: ReleaseParts, type: number): void {
  const index = windowFor(dev, type);
  const window = dev.resource[index];
  if (!window?.parent) return;
  releaseBelow(window);
  window.release();
  const item = { dev, index, resource: window };
  decisions.released(item, `pci ${dev.name}: ${resourceName(index)} ${formatResource(window)}: releasing`);
  Object.assign(window, { start: 0, end: window.size - 1, flags: window.flags & TYPE });
  setUpBridge(dev, { config, log: decisions, indices: [index] });
}

/** The window that something of this type goes into (pci_bridge_release_resources). */
function windowFor({ resource }: PciDev, type: number): number {
  if (type & IO) return BRIDGE_IO;
  const flags = resource[BRIDGE_PREFETCHABLE]?.flags ?? 0;
  const wide = (flags & MEM_64) !== 0;
  const matches = type & PREFETCH && (wide ? type & MEM_64 : flags & PREFETCH);
  return matches ? BRIDGE_PREFETCHABLE : BRIDGE_MEMORY;
}

/** All that lies in it loses its place and keeps its size (release_child_resources). */
function releaseBelow(resource: Resource): void {
  for (const child of [...resource.children]) {
    releaseBelow(child);
    child.release();
    Object.assign(child, { start: 0, end: child.size - 1 });
  }
}
