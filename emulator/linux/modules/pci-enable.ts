/** pci_enable_device and pci_disable_device (drivers/pci/pci.c, setup-res.c). */
import type { BoundDevice } from "../bound-device";
import { setCommand } from "../command";
import { resourceName } from "../pci-dev";
import { formatResource, IORESOURCE } from "../resource";

const EINVAL = 22;
const IO = 1;
const MEMORY = 2;
const MASTER = 4;

/** 0, or -EINVAL where a BAR has no address. The bridges above are enabled first. */
export function enable(dev: BoundDevice, kinds: { readonly io: boolean; readonly memory: boolean }): number {
  if (dev.enabled > 0) {
    dev.enabled++;
    return 0;
  }
  for (let bridge = dev.pci.bus.self; bridge; bridge = bridge.bus.self) {
    setCommand(dev.kernel, bridge.bdf, { name: `pci ${bridge.name}`, bits: IO | MEMORY | MASTER });
  }
  const bits = neededBits(dev, kinds);
  if (bits < 0) return bits;
  setCommand(dev.kernel, dev.pci.bdf, { name: `${dev.driver} ${dev.pci.name}`, bits });
  dev.enabled = 1;
  dev.pci.irq = routedIrq(dev);
  dev.kernel.changed();
  return 0;
}

export function disable(dev: BoundDevice): void {
  if (dev.enabled === 0) {
    const log = `${dev.driver} ${dev.pci.name}: disabling already-disabled device`;
    dev.kernel.services.sanitizer.report("unbalanced-enable", dev.pci.name, {
      level: "error",
      text: `pci_disable_device() of ${dev.pci.name}, which is not enabled`,
      explanation: "Call pci_disable_device() once for each pci_enable_device() that returned 0.",
      log,
    });
    return;
  }
  if (--dev.enabled > 0) return;
  const { kernel, pci } = dev;
  kernel.config.write(pci.bdf, 4, { width: 2, value: kernel.config.read(pci.bdf, 4, 2) & ~MASTER });
  kernel.changed();
}

function neededBits({ pci, driver, kernel }: BoundDevice, kinds: { io: boolean; memory: boolean }): number {
  let bits = 0;
  for (const [index, resource] of pci.resource.entries()) {
    if (!resource || index > 5 || !(resource.has(IORESOURCE.IO) ? kinds.io : kinds.memory)) continue;
    if (!resource.parent) {
      const what = `${resourceName(index)} ${formatResource(resource)}`;
      kernel.kernelLog.err(`${driver} ${pci.name}: ${what}: not assigned; can't enable device`);
      return -EINVAL;
    }
    bits |= resource.has(IORESOURCE.IO) ? IO : MEMORY;
  }
  return bits;
}

/** The input its INTx arrives at, as the board's ACPI tables tell. */
export function routedIrq({ kernel, pci }: BoundDevice): number {
  const { root } = kernel.machine;
  const fn = root.functionAt(pci.bdf);
  return fn?.interruptPin ? root.gsiOf(fn) : 0;
}
