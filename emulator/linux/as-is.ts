/**
 * The policy "as-is": the resource trees as the imported Linux had them. What sysfs `resource` said wins over the
 * registers; where it is missing, the registers say it. Nothing is written.
 */
import type { FunctionDescription } from "../machine/description";
import {
  BRIDGE_IO,
  BRIDGE_MEMORY,
  BRIDGE_PREFETCHABLE,
  PCI_BRIDGE_RESOURCES,
  type PciBus,
  type PciDev,
} from "./pci-dev";
import { IORESOURCE, Resource } from "./resource";
import type { RunningKernel } from "./running-kernel";

const TWO_32 = 2 ** 32;

/** Puts every resource of every device at or below the bus into its tree, each bridge before what is below it. */
export function placeAsIs(kernel: RunningKernel, bus: PciBus): void {
  for (const dev of bus.devices) {
    const lines = describedOf(kernel, dev)?.resources;
    const recorded = lines ? fromLines(dev, lines) : fromRegisters(kernel, dev);
    for (const [index, resource] of recorded) {
      dev.resource[index] = resource;
      (resource.has(IORESOURCE.IO) ? kernel.ioports : kernel.iomem).insert(resource);
    }
    if (dev.subordinate) placeAsIs(kernel, dev.subordinate);
  }
}

function describedOf({ machine }: RunningKernel, { bdf }: PciDev): FunctionDescription | undefined {
  const fn = machine.root.functionAt(bdf.bus, bdf.device, bdf.function);
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

function fromRegisters(kernel: RunningKernel, dev: PciDev): Indexed {
  const bars = dev.resource.flatMap((resource, index): Indexed => {
    if (!resource || index >= PCI_BRIDGE_RESOURCES) return [];
    if (resource.start === 0) return [];
    resource.flags &= ~IORESOURCE.UNSET;
    return [[index, resource]];
  });
  return dev.isBridge ? [...bars, ...windowsOf(kernel, dev)] : bars;
}

/** The windows that are open. */
function windowsOf({ config }: RunningKernel, dev: PciDev): Indexed {
  const read = (at: number, width: 1 | 2 | 4) => config.read(dev.bdf, at, width);
  const io = { start: (read(0x1c, 1) & 0xf0) << 8, end: ((read(0x1d, 1) & 0xf0) << 8) | 0xfff };
  const memory = {
    start: (read(0x20, 2) & 0xfff0) * 0x10000,
    end: (read(0x22, 2) & 0xfff0) * 0x10000 + 0xfffff,
  };
  const pref = {
    start: read(0x28, 4) * TWO_32 + (read(0x24, 2) & 0xfff0) * 0x10000,
    end: read(0x2c, 4) * TWO_32 + (read(0x26, 2) & 0xfff0) * 0x10000 + 0xfffff,
  };
  const open = [
    [BRIDGE_IO, io],
    [BRIDGE_MEMORY, memory],
    [BRIDGE_PREFETCHABLE, pref],
  ] as const;
  return open.flatMap(([index, { start, end }]) => {
    const flags = dev.resource[index]?.flags ?? 0;
    return start <= end && flags
      ? [[index, new Resource(nameOf(dev, index), { start, end, flags })] as const]
      : [];
  });
}

function nameOf(dev: PciDev, index: number): string {
  return index >= PCI_BRIDGE_RESOURCES ? (dev.resource[index]?.name ?? windowName(dev)) : dev.name;
}

function windowName({ bdf, subordinate }: PciDev): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  return `PCI Bus ${hex(bdf.segment, 4)}:${hex(subordinate?.number ?? 0, 2)}`;
}
