/**
 * Linux's own driver for PCIe ports (drivers/pci/pcie/portdrv.c): it makes ports forward, and watches their slots.
 * Not modelled: its other services (AER, PME).
 */
import { EXPRESS_ID } from "../pci/capabilities/express";
import { setCommand } from "./command";
import type { PciDev } from "./pci-dev";
import { HotPlugSlot } from "./pciehp";
import { IORESOURCE } from "./resource";
import type { RunningKernel } from "./running-kernel";

const IO = 1;
const MEMORY = 2;
const MASTER = 4;

/** Whether the driver takes this device. */
export function isPort({ config }: RunningKernel, dev: PciDev): boolean {
  return dev.isBridge && config.findCapability(dev.bdf, EXPRESS_ID) !== 0;
}

/** The same for who only looks. */
export function isShownAsPort({ config }: Pick<RunningKernel, "config">, dev: PciDev): boolean {
  return dev.isBridge && config.peekCapability(dev.bdf, EXPRESS_ID) !== 0;
}

export function bindPort(kernel: RunningKernel, dev: PciDev): void {
  forward(kernel, dev);
  HotPlugSlot.of(kernel, dev, (found) => {
    if (isPort(kernel, found)) bindPort(kernel, found);
  });
}

function forward(kernel: RunningKernel, dev: PciDev): void {
  const windows = dev.resource.filter((resource) => resource?.parent);
  if (!windows.length) return;
  const bits =
    (windows.some((it) => it?.has(IORESOURCE.IO)) ? IO : 0) |
    (windows.some((it) => it?.has(IORESOURCE.MEM)) ? MEMORY : 0);
  setCommand(kernel, dev.bdf, { name: `pcieport ${dev.name}`, bits });
  const command = kernel.config.read(dev.bdf, 4, 2);
  kernel.config.write(dev.bdf, 4, { width: 2, value: command | MASTER });
  dev.enabled = true;
}
