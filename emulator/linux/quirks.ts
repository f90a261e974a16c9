/** What Linux knows of particular devices (drivers/pci/probe.c, quirks.c). */
import type { KernelLog } from "./log";
import type { PciDev } from "./pci-dev";
import { formatResource, IORESOURCE, Resource } from "./resource";

const IDE = 0x0101;
/** In compatibility mode a channel has fixed ports, whatever its BARs hold: by BAR, and the bit that says native mode. */
const LEGACY_IDE = [
  { index: 0, start: 0x1f0, end: 0x1f7, native: 1 },
  { index: 1, start: 0x3f6, end: 0x3f6, native: 1 },
  { index: 2, start: 0x170, end: 0x177, native: 4 },
  { index: 3, start: 0x376, end: 0x376, native: 4 },
] as const;

/** After sizing: puts the fixed ports of an IDE controller in the place of its first four BARs. */
export function legacyIde(dev: PciDev, log: KernelLog): void {
  if (dev.class >>> 8 !== IDE) return;
  for (const { index, start, end, native } of LEGACY_IDE) {
    if (dev.class & native) continue;
    const resource = new Resource(dev.name, { start, end, flags: IORESOURCE.IO | IORESOURCE.PCI_FIXED });
    dev.resource[index] = resource;
    log.info(`pci ${dev.name}: BAR ${index} ${formatResource(resource)}: legacy IDE quirk`);
  }
}
