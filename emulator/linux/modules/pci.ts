/** linux/pci: registration, configuration, interrupts. What concerns BARs is in `pci-regions.ts`. */
import type * as header from "linux/pci";
import { MSI_ID } from "../../pci/capabilities/msi";
import type { BoundDevice } from "../bound-device";
import type { Kernel } from "../kernel";
import { disable, enable } from "./pci-enable";
import { pciRegions } from "./pci-regions";

const CONSTANTS = {
  PCI_ANY_ID: 0xffffffff,
  PCI_IRQ_LEGACY: 1,
  PCI_IRQ_MSI: 2,
  PCI_IRQ_MSIX: 4,
  PCI_IRQ_ALL_TYPES: 7,
  PCI_VENDOR_ID: 0x00,
  PCI_DEVICE_ID: 0x02,
  PCI_COMMAND: 0x04,
  PCI_COMMAND_IO: 1,
  PCI_COMMAND_MEMORY: 2,
  PCI_COMMAND_MASTER: 4,
  PCI_STATUS: 0x06,
  PCI_REVISION_ID: 0x08,
  PCI_BASE_ADDRESS_0: 0x10,
  PCI_INTERRUPT_LINE: 0x3c,
  PCI_CAP_ID_PM: 0x01,
  PCI_CAP_ID_MSI: 0x05,
  PCI_CAP_ID_EXP: 0x10,
  PCI_CAP_ID_MSIX: 0x11,
} as const;

const ENOSPC = 28;
const MASTER = 4;
const MSI_ADDRESS = 0xfee00000;

/** A driver's `pdev` is the kernel's own object. */
export function boundOf(pdev: header.PciDev): BoundDevice {
  return pdev as BoundDevice;
}

export function pciModule(kernel: Kernel): typeof header {
  const { drivers } = kernel;
  return {
    ...CONSTANTS,
    ...registration(drivers),
    ...configuration(),
    ...interrupts(),
    ...pciRegions(),
    PCI_DEVICE: (vendor, device) => ({ vendor, device }),
    pci_enable_device: (pdev) => enable(boundOf(pdev), { io: true, memory: true }),
    pci_enable_device_mem: (pdev) => enable(boundOf(pdev), { io: false, memory: true }),
    pci_disable_device: (pdev) => disable(boundOf(pdev)),
    pcim_enable_device: (pdev) => {
      const dev = boundOf(pdev);
      dev.manage(() => disable(dev));
      return enable(dev, { io: true, memory: true });
    },
    pci_set_drvdata: (pdev, data) => {
      boundOf(pdev).drvdata = data;
    },
    pci_get_drvdata: <T>(pdev: header.PciDev) => boundOf(pdev).drvdata as T,
    pci_name: (pdev) => boundOf(pdev).pci.name,
  };
}

function registration(drivers: Kernel["drivers"]) {
  return {
    pci_register_driver: (driver: header.PciDriver) => drivers.register(driver),
    pci_unregister_driver: (driver: header.PciDriver) => drivers.unregister(driver),
    module_pci_driver: (driver: header.PciDriver) => {
      drivers.init = () => drivers.register(driver);
      drivers.exit = () => drivers.unregister(driver);
    },
  };
}

function configuration() {
  const read = (width: 1 | 2 | 4) => (pdev: header.PciDev, where: number) => {
    const { kernel, pci } = boundOf(pdev);
    return kernel.config.read(pci.bdf, where, width);
  };
  const write = (width: 1 | 2 | 4) => (pdev: header.PciDev, where: number, value: number) => {
    const { kernel, pci } = boundOf(pdev);
    kernel.config.write(pci.bdf, where, { width, value });
    return 0;
  };
  return {
    pci_read_config_byte: read(1),
    pci_read_config_word: read(2),
    pci_read_config_dword: read(4),
    pci_write_config_byte: write(1),
    pci_write_config_word: write(2),
    pci_write_config_dword: write(4),
    pci_find_capability: (pdev: header.PciDev, id: number) => {
      const { kernel, pci } = boundOf(pdev);
      return kernel.config.findCapability(pci.bdf, id);
    },
    pci_set_master: (pdev: header.PciDev) => setMaster(boundOf(pdev), true),
    pci_clear_master: (pdev: header.PciDev) => setMaster(boundOf(pdev), false),
  };
}

function setMaster({ kernel, pci, driver }: BoundDevice, on: boolean): void {
  const command = kernel.config.read(pci.bdf, 4, 2);
  const wanted = on ? command | MASTER : command & ~MASTER;
  if (wanted === command) return;
  kernel.kernelLog.print("debug", `${driver} ${pci.name}: ${on ? "enabling" : "disabling"} bus mastering`);
  kernel.config.write(pci.bdf, 4, { width: 2, value: wanted });
  kernel.changed();
}

function interrupts() {
  return {
    pci_alloc_irq_vectors: (pdev: header.PciDev, min: number, _max: number, flags: number) => {
      const dev = boundOf(pdev);
      const msi = flags & CONSTANTS.PCI_IRQ_MSI ? dev.kernel.config.findCapability(dev.pci.bdf, MSI_ID) : 0;
      if (msi) dev.vectors = [enableMsi(dev, msi)];
      else if (flags & CONSTANTS.PCI_IRQ_LEGACY && dev.irq) dev.vectors = [dev.irq];
      if (dev.vectors.length >= min && dev.vectors.length) return dev.vectors.length;
      return -ENOSPC;
    },
    pci_free_irq_vectors: (pdev: header.PciDev) => {
      const dev = boundOf(pdev);
      const msi = dev.kernel.config.findCapability(dev.pci.bdf, MSI_ID);
      if (msi) setMsiEnable(dev, msi, false);
      dev.vectors = [];
    },
    pci_irq_vector: (pdev: header.PciDev, vector: number) => boundOf(pdev).vectors[vector] ?? -22,
  };
}

/** Writes address and data of a new message interrupt, and switches from INTx to MSI. */
function enableMsi(dev: BoundDevice, msi: number): number {
  const { config, irq } = dev.kernel;
  const message = irq.allocateMessage();
  const wide = (config.read(dev.pci.bdf, msi + 2, 2) & 0x80) !== 0;
  config.write32(dev.pci.bdf, msi + 4, MSI_ADDRESS);
  if (wide) config.write32(dev.pci.bdf, msi + 8, 0);
  config.write(dev.pci.bdf, msi + (wide ? 12 : 8), { width: 2, value: message.data });
  setMsiEnable(dev, msi, true);
  return message.irq;
}

function setMsiEnable({ kernel, pci }: BoundDevice, msi: number, on: boolean): void {
  const flags = kernel.config.read(pci.bdf, msi + 2, 2);
  kernel.config.write(pci.bdf, msi + 2, { width: 2, value: on ? flags | 1 : flags & ~1 });
}
