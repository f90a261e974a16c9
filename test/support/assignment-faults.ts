/** What must hold after Linux has given out addresses, whoever began: nothing overlaps, nothing is lost silently. */
import { openWindow } from "../../emulator/linux/bridge-window";
import type { Kernel } from "../../emulator/linux/kernel";
import { BRIDGE_IO, isIov, PCI_BRIDGE_RESOURCES, type PciDev } from "../../emulator/linux/pci-dev";
import { IORESOURCE, type Resource } from "../../emulator/linux/resource";

const WINDOWS = ["io", "memory", "prefetchable"] as const;

/** Everything that is wrong with an assignment, in words. */
export function faults(kernel: Kernel): string[] {
  const trees = [kernel.iomem, kernel.ioports].flatMap((root) => overlaps(root));
  return [...trees, ...kernel.devices.flatMap((dev) => deviceFaults(kernel, dev))];
}

function overlaps(parent: Resource): string[] {
  const faults = parent.children.flatMap((child, index) => {
    const next = parent.children[index + 1];
    const apart = !next || child.end < next.start ? [] : [`${child.name} overlaps ${next.name}`];
    return parent.contains(child) ? apart : [...apart, `${child.name} leaves ${parent.name}`];
  });
  return [...faults, ...parent.children.flatMap(overlaps)];
}

function deviceFaults(kernel: Kernel, dev: PciDev): string[] {
  return dev.resource.flatMap((resource, index) => {
    if (!resource) return [];
    const what = `${dev.name} resource ${index}`;
    if (!resource.parent)
      return lost(kernel, dev, { resource, index }) ? [`${what} is lost without a word`] : [];
    const aligned = index >= PCI_BRIDGE_RESOURCES || resource.start % (resource.part ?? resource.size) === 0;
    return [
      ...(aligned ? [] : [`${what} is not aligned`]),
      ...registerFaults(kernel, dev, { resource, index }),
    ];
  });
}

/** A BAR without a place was said to have none; a window without a place may have been needless. */
function lost(
  kernel: Kernel,
  dev: PciDev,
  { resource, index }: { resource: Resource; index: number },
): boolean {
  if (index >= PCI_BRIDGE_RESOURCES || !resource.has(IORESOURCE.UNSET)) return false;
  return !kernel.log.some(
    ({ text }) => text.startsWith(`pci ${dev.name}: `) && text.endsWith("failed to assign"),
  );
}

function registerFaults(
  { config }: Kernel,
  dev: PciDev,
  { resource, index }: { resource: Resource; index: number },
): string[] {
  if (index === 6 || isIov(index)) return [];
  if (index >= PCI_BRIDGE_RESOURCES) {
    const window = openWindow(config, dev.bdf, WINDOWS[index - BRIDGE_IO] ?? "memory");
    return window?.start === resource.start && window.end === resource.end
      ? []
      : [`${dev.name} window ${index} is not in its registers`];
  }
  const low = config.read32(dev.bdf, 0x10 + index * 4);
  const high = resource.has(IORESOURCE.MEM_64) ? config.read32(dev.bdf, 0x14 + index * 4) : 0;
  const address = high * 2 ** 32 + ((low & (resource.has(IORESOURCE.IO) ? ~3 : ~15)) >>> 0);
  return address === resource.start ? [] : [`${dev.name} BAR ${index} holds 0x${address.toString(16)}`];
}
