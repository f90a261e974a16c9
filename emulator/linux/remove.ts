/** A function that is gone (drivers/pci/remove.c): what is below it goes first, and its addresses are free again. */
import type { PciBus, PciDev } from "./pci-dev";
import type { RunningKernel } from "./running-kernel";

export function removeDevice(kernel: RunningKernel, dev: PciDev): void {
  if (dev.subordinate) removeBus(kernel, dev.subordinate);
  dev.subordinate = undefined;
  for (const resource of dev.resource) if (resource?.parent) resource.release();
  const { devices } = dev.bus;
  const at = devices.indexOf(dev);
  if (at >= 0) devices.splice(at, 1);
  kernel.changed();
}

function removeBus(kernel: RunningKernel, bus: PciBus): void {
  for (const dev of [...bus.devices].reverse()) removeDevice(kernel, dev);
  kernel.enumeration.forget(bus);
}
