/** The part of linux/pci that concerns BARs: claims, addresses, mappings. */

import type { PciDev } from "linux/pci";
import type { IoMem } from "linux/types";
import { physical } from "../../core/address";
import type { BoundDevice } from "../bound-device";
import { resourceName } from "../pci-dev";
import { formatResource, IORESOURCE, type Resource } from "../resource";
import { cookieOf, portCookie, toIoMem } from "./cookie";
import { claim, unclaim } from "./ioport";

const EBUSY = 16;
const EINVAL = 22;
const ENOMEM = 12;
const BARS = [0, 1, 2, 3, 4, 5];

function barOf(pdev: PciDev, bar: number): Resource | undefined {
  const resource = (pdev as BoundDevice).pci.resource[bar];
  return resource?.parent ? resource : undefined;
}

function request(dev: BoundDevice, bar: number, name: string): number {
  const resource = barOf(dev, bar);
  if (!resource) return 0;
  const { kernel } = dev;
  const tree = resource.has(IORESOURCE.IO) ? kernel.ioports : kernel.iomem;
  if (!claim(kernel, tree, { start: resource.start, n: resource.size, name })) {
    kernel.kernelLog.warn(
      `${dev.driver} ${dev.pci.name}: ${resourceName(bar)}: can't reserve ${formatResource(resource)}`,
    );
    return -EBUSY;
  }
  dev.regions.set(bar, name);
  return 0;
}

function release(dev: BoundDevice, bar: number): void {
  const resource = barOf(dev, bar);
  if (!resource || !dev.regions.delete(bar)) return;
  const tree = resource.has(IORESOURCE.IO) ? dev.kernel.ioports : dev.kernel.iomem;
  unclaim(dev.kernel, tree, { start: resource.start, n: resource.size });
}

function requestAll(dev: BoundDevice, name: string): number {
  for (const bar of BARS) {
    const error = request(dev, bar, name);
    if (error) {
      for (const taken of BARS.slice(0, bar)) release(dev, taken);
      return error;
    }
  }
  return 0;
}

interface Part {
  readonly maxlen: number;
  readonly off?: number;
  readonly type?: "UC-" | "WC";
}

function iomap(dev: BoundDevice, bar: number, { maxlen, off = 0, type = "UC-" }: Part): IoMem | null {
  const resource = barOf(dev, bar);
  if (!resource || resource.start === 0 || off >= resource.size) return null;
  if (resource.has(IORESOURCE.IO)) return type === "WC" ? null : portCookie(resource.start + off);
  const left = resource.size - off;
  const bytes = maxlen ? Math.min(maxlen, left) : left;
  const how = { bytes, owner: dev.driver, by: type === "WC" ? "pci_iomap_wc" : "pci_iomap", type } as const;
  const mapped = dev.kernel.vmalloc.ioremap(physical(resource.start + off), how);
  if (mapped !== null) dev.kernel.services.checks.mapped(dev.kernel.vmalloc.areaAt(mapped), type);
  dev.kernel.changed();
  return mapped === null ? null : toIoMem(mapped);
}

function iounmap(dev: BoundDevice, io: IoMem): void {
  const cookie = cookieOf(io);
  if (cookie.high === 0) return;
  dev.kernel.vmalloc.iounmap(cookie.address);
  dev.kernel.changed();
}

/** Claims and maps the BARs of `mask`; what it did is undone when the driver leaves. */
function managedMap(dev: BoundDevice, mask: number, name: string): number {
  const table = BARS.map((): IoMem | null => null);
  dev.iomapTable = table;
  for (const bar of BARS.filter((it) => mask & (1 << it))) {
    if (!barOf(dev, bar)) return -EINVAL;
    const error = request(dev, bar, name);
    if (error) return error;
    dev.manage(() => release(dev, bar));
    const io = iomap(dev, bar, { maxlen: 0 });
    if (!io) return -ENOMEM;
    dev.manage(() => {
      const left = dev.iomapTable[bar];
      if (left) iounmap(dev, left);
    });
    table[bar] = io;
  }
  return 0;
}

export function pciRegions() {
  const bound = (pdev: PciDev) => pdev as BoundDevice;
  return {
    pci_request_regions: (pdev: PciDev, name: string) => requestAll(bound(pdev), name),
    pci_release_regions: (pdev: PciDev) => {
      for (const bar of BARS) release(bound(pdev), bar);
    },
    pci_request_region: (pdev: PciDev, bar: number, name: string) => request(bound(pdev), bar, name),
    pci_release_region: (pdev: PciDev, bar: number) => release(bound(pdev), bar),
    pci_resource_start: (pdev: PciDev, bar: number) => barOf(pdev, bar)?.start ?? 0,
    pci_resource_end: (pdev: PciDev, bar: number) => barOf(pdev, bar)?.end ?? 0,
    pci_resource_len: (pdev: PciDev, bar: number) => barOf(pdev, bar)?.size ?? 0,
    pci_resource_flags: (pdev: PciDev, bar: number) => barOf(pdev, bar)?.flags ?? 0,
    pci_iomap: (pdev: PciDev, bar: number, maxlen: number) => iomap(bound(pdev), bar, { maxlen }),
    pci_iomap_wc: (pdev: PciDev, bar: number, maxlen: number) =>
      iomap(bound(pdev), bar, { maxlen, type: "WC" }),
    pci_iomap_range: (pdev: PciDev, bar: number, off: number, maxlen: number) =>
      iomap(bound(pdev), bar, { maxlen, off }),
    pci_ioremap_bar: (pdev: PciDev, bar: number) => iomap(bound(pdev), bar, { maxlen: 0 }),
    pcim_iomap: (pdev: PciDev, bar: number, maxlen: number) => {
      const dev = bound(pdev);
      const io = iomap(dev, bar, { maxlen });
      if (io) dev.manage(() => iounmap(dev, io));
      return io;
    },
    pcim_iounmap_regions: (pdev: PciDev, mask: number) => {
      const dev = bound(pdev);
      for (const bar of BARS.filter((it) => mask & (1 << it))) {
        const io = dev.iomapTable[bar];
        if (io) iounmap(dev, io);
        release(dev, bar);
      }
      dev.iomapTable = dev.iomapTable.map((io, bar) => (mask & (1 << bar) ? null : io));
    },
    pci_iounmap: (pdev: PciDev, io: IoMem) => iounmap(bound(pdev), io),
    pcim_iomap_regions: (pdev: PciDev, mask: number, name: string) => managedMap(bound(pdev), mask, name),
    pcim_iomap_table: (pdev: PciDev): readonly (IoMem | null)[] => bound(pdev).iomapTable,
  };
}
