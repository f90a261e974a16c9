/** sysfs `resource` of a device (drivers/pci/pci-sysfs.c, resource_show). */
import type { PciDev } from "./pci-dev";
import { IORESOURCE, type Resource } from "./resource";

/** BARs, ROM and the six of SR-IOV; a bridge has four windows more. */
const LINES = { endpoint: 13, bridge: 17 } as const;
/** Kept to itself by the kernel once a resource has a place. */
const INTERNAL = IORESOURCE.UNSET | IORESOURCE.STARTALIGN | IORESOURCE.BUSY;

export function resourceText(dev: PciDev): string {
  const count = dev.isBridge ? LINES.bridge : LINES.endpoint;
  return Array.from({ length: count }, (_, index) => line(dev.resource[index])).join("");
}

/** What has no place shows as nothing at all. */
function line(resource: Resource | undefined): string {
  const shown = resource?.parent || resource?.has(IORESOURCE.PCI_FIXED) ? resource : undefined;
  const numbers = [shown?.start ?? 0, shown?.end ?? 0, (shown?.flags ?? 0) & ~INTERNAL];
  return `${numbers.map((value) => `0x${value.toString(16).padStart(16, "0")}`).join(" ")}\n`;
}
