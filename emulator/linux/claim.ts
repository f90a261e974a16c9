/** Claiming an address that is in the registers already (drivers/pci/setup-res.c, pci_claim_resource; bus.c). */
import type { Decisions, Item } from "./decisions";
import { type PciBus, type PciDev, resourceName } from "./pci-dev";
import { formatResource, IORESOURCE, type Resource } from "./resource";

const KIND = IORESOURCE.IO | IORESOURCE.MEM;

/** The first window of a bus that holds it; none if that is prefetchable and it is not: firmware's mistake. */
export function windowHolding({ resources }: PciBus, resource: Resource): Resource | undefined {
  const holds = resources.find(
    (it) => it.isPlaced && !((it.flags ^ resource.flags) & KIND) && it.contains(resource),
  );
  return holds?.has(IORESOURCE.PREFETCH) && !resource.has(IORESOURCE.PREFETCH) ? undefined : holds;
}

/** Under the window that holds it, if nothing is in its way; false otherwise. */
export function claim(decisions: Decisions, dev: PciDev, index: number): boolean {
  const resource = dev.resource[index];
  if (!resource) return false;
  resource.flags &= ~IORESOURCE.UNSET;
  const item = { dev, index, resource };
  const what = `pci ${dev.name}: ${resourceName(index)} ${formatResource(resource)}`;
  const window = windowHolding(dev.bus, resource);
  if (!window) {
    const line = `${what}: can't claim; no compatible bridge window`;
    decisions.placed("claim", item, {
      line,
      failed: "No window above holds the address that firmware chose",
    });
    return false;
  }
  const conflict = window.request(resource);
  if (conflict) {
    const line = `${what}: can't claim; address conflict with ${conflict.name} ${formatResource(conflict)}`;
    decisions.placed("claim", item, { line, failed: `${conflict.name} lies there already` });
    return false;
  }
  decisions.placed("claim", item, { line: "", window });
  return true;
}

/** What of a bridge's window lies in a window above, if that is less than all of it (pci_bus_clip_resource). */
export function clip(decisions: Decisions, dev: PciDev, index: number): boolean {
  const resource = dev.resource[index];
  if (!resource) return false;
  const above = dev.bus.resources.find(
    (it) => it.isPlaced && !((it.flags ^ resource.flags) & KIND) && it.overlaps(resource),
  );
  if (!above || above.contains(resource)) return false;
  const before = formatResource(resource);
  resource.start = Math.max(resource.start, above.start);
  resource.end = Math.min(resource.end, above.end);
  decisions.info(`pci ${dev.name}: ${resourceName(index)} ${before}: clipped to ${formatResource(resource)}`);
  return true;
}

export interface Fallback {
  readonly decisions: Decisions;
  /** The whole address spaces, for an address that no window of a root bus holds. */
  readonly spaces: { readonly io: Resource; readonly memory: Resource };
  /** Where firmware had what could not be claimed. */
  readonly firmware: ReadonlyMap<Resource, number>;
}

/** Where firmware had it is better than nowhere (pci_revert_fw_address). */
export function useFirmwareAddress(item: Item, { decisions, spaces, firmware }: Fallback): boolean {
  const { dev, index, resource } = item;
  const address = firmware.get(resource);
  if (address === undefined) return false;
  const { start, end } = resource;
  Object.assign(resource, { start: address, end: address + resource.size - 1 });
  const everywhere = resource.has(IORESOURCE.IO) ? spaces.io : spaces.memory;
  const window = windowHolding(dev.bus, resource) ?? (dev.bus.self ? undefined : everywhere);
  if (window) {
    resource.flags &= ~IORESOURCE.UNSET;
    const what = `pci ${dev.name}: ${resourceName(index)}`;
    decisions.info(`${what}: trying firmware assignment ${formatResource(resource)}`);
    const conflict = window.request(resource);
    if (!conflict) return true;
    const other = `${conflict.name} ${formatResource(conflict)}`;
    decisions.info(`${what} ${formatResource(resource)}: conflicts with ${other}`);
  }
  Object.assign(resource, { start, end, flags: resource.flags | IORESOURCE.UNSET });
  return false;
}
