/**
 * The policy "as-is": the resource trees as the imported Linux had them. What sysfs `resource` said wins over the
 * registers; where it is missing, the registers say it. Nothing is written.
 */
import type { FunctionDescription, PlatformRange } from "../machine/description";
import type { Machine } from "../machine/machine";
import { openWindow } from "./bridge-window";
import type { ConfigSpace } from "./config";
import {
  BRIDGE_IO,
  BRIDGE_MEMORY,
  BRIDGE_PREFETCHABLE,
  busName,
  PCI_BRIDGE_RESOURCES,
  PCI_ROM_RESOURCE,
  type PciBus,
  type PciDev,
} from "./pci-dev";
import { IORESOURCE, Resource } from "./resource";

interface Recorded {
  readonly machine: Machine;
  readonly config: ConfigSpace;
  readonly iomem: Resource;
  readonly ioports: Resource;
}

/** Puts every resource of every device at or below the bus into its tree, each bridge before what is below it. */
export function placeAsIs(kernel: Recorded, bus: PciBus): void {
  for (const dev of bus.devices) {
    const lines = describedOf(kernel, dev)?.resources;
    const recorded = lines ? fromLines(dev, lines) : fromRegisters(kernel, dev);
    for (const [index, resource] of recorded) {
      dev.resource[index] = resource;
      if (isShadow(index, resource)) continue;
      (resource.has(IORESOURCE.IO) ? kernel.ioports : kernel.iomem).insert(resource);
    }
    if (dev.subordinate) placeAsIs(kernel, dev.subordinate);
  }
}

/** What drivers had claimed inside their devices. */
export function claimAsIs({ machine, iomem, ioports }: Recorded): void {
  const { claimed = [], claimedPorts = [] } = machine.description;
  const { MEM, IO, BUSY } = IORESOURCE;
  for (const range of claimed) iomem.insert(claim(range, MEM | BUSY));
  for (const range of claimedPorts) ioports.insert(claim(range, IO | BUSY));
}

function claim({ start, end, name }: PlatformRange, flags: number): Resource {
  return new Resource(name, { start: Number(start), end: Number(end), flags });
}

/** A ROM that firmware copied to RAM is known, but in no tree. */
function isShadow(index: number, resource: Resource): boolean {
  return index === PCI_ROM_RESOURCE && resource.has(IORESOURCE.PCI_FIXED);
}

function describedOf({ machine }: Recorded, { bdf }: PciDev): FunctionDescription | undefined {
  const fn = machine.root.functionAt(bdf);
  return fn && machine.described.get(fn);
}

type Indexed = readonly (readonly [index: number, resource: Resource])[];

/** All of a device's resources are what the lines say; an empty line is no resource. */
function fromLines(dev: PciDev, lines: readonly string[]): Indexed {
  dev.resource.fill(undefined);
  return lines.flatMap((line, index) => {
    const [start = 0, end = 0, flags = 0] = line.split(" ").map(Number);
    return flags ? [[index, new Resource(nameOf(dev, index), { start, end, flags })] as const] : [];
  });
}

function fromRegisters(kernel: Recorded, dev: PciDev): Indexed {
  const bars = dev.resource.flatMap((resource, index): Indexed => {
    if (!resource || index >= PCI_BRIDGE_RESOURCES) return [];
    if (resource.start === 0) return [];
    resource.flags &= ~IORESOURCE.UNSET;
    return [[index, resource]];
  });
  return dev.isBridge ? [...bars, ...windowsOf(kernel, dev)] : bars;
}

/** The windows that are open. */
function windowsOf({ config }: Recorded, dev: PciDev): Indexed {
  const kinds = [
    [BRIDGE_IO, "io"],
    [BRIDGE_MEMORY, "memory"],
    [BRIDGE_PREFETCHABLE, "prefetchable"],
  ] as const;
  return kinds.flatMap(([index, kind]) => {
    const flags = dev.resource[index]?.flags ?? 0;
    const open = openWindow(config, dev.bdf, kind);
    return open && flags ? [[index, new Resource(nameOf(dev, index), { ...open, flags })] as const] : [];
  });
}

function nameOf(dev: PciDev, index: number): string {
  return index >= PCI_BRIDGE_RESOURCES ? (dev.resource[index]?.name ?? windowName(dev)) : dev.name;
}

function windowName({ bdf, subordinate }: PciDev): string {
  return `PCI Bus ${busName(bdf.segment, subordinate?.number ?? 0)}`;
}
