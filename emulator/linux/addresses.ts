/** Where everything lies, as data that another boot can be held against. */
import { digits, hex } from "../core/hex";
import type { AddressView, UnplacedView } from "../machine/boot-views";
import { busName, type PciDev, resourceName } from "./pci-dev";
import { IORESOURCE, type Resource } from "./resource";

/** Every BAR, ROM and window that has a place or wants one, in the order of enumeration. */
export function addressesOf(
  devices: readonly PciDev[],
  unplaced: readonly UnplacedView[],
): readonly AddressView[] {
  return devices.flatMap((dev) =>
    [...dev.resource.entries()].flatMap(([index, resource]) => {
      if (!resource) return [];
      const missing = unplaced.find((it) => it.bdf === dev.name && it.index === index);
      return resource.parent || missing ? [addressOf(dev, { index, resource, missing })] : [];
    }),
  );
}

interface Found {
  readonly index: number;
  readonly resource: Resource;
  readonly missing: UnplacedView | undefined;
}

function addressOf(dev: PciDev, { index, resource, missing }: Found): AddressView {
  const { start, end } = resource;
  return {
    path: pathOf(dev),
    ids: `${digits(dev.vendor, 4)}:${digits(dev.device, 4)}`,
    bdf: dev.name,
    index,
    name: resourceName(index),
    space: resource.has(IORESOURCE.IO) ? "io" : "memory",
    prefetchable: resource.has(IORESOURCE.PREFETCH),
    wide: resource.has(IORESOURCE.MEM_64),
    size: missing && !resource.parent ? missing.size : hex(resource.size),
    ...(resource.parent && { range: { start: hex(start), end: hex(end) } }),
    ...(missing && !resource.parent && { reason: missing.reason }),
  };
}

function pathOf({ bdf, bus }: PciDev): string {
  const above = bus.self ? pathOf(bus.self) : busName(bus.segment, bus.number);
  return `${above}/${digits(bdf.device, 2)}.${bdf.function}`;
}
