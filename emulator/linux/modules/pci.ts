/** linux/pci: registration and configuration. BARs are in `pci-regions.ts`, interrupt vectors in `pci-vectors.ts`. */
import type * as header from "linux/pci";
import { ALL_ONES } from "../../core/io";
import type { BoundDevice } from "../bound-device";
import { setIntx } from "../command";
import type { Kernel } from "../kernel";
import { disable, enable } from "./pci-enable";
import { pciRegions } from "./pci-regions";
import { pciVectors } from "./pci-vectors";

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
  PCI_EXP_DEVCTL: 0x08,
  PCI_EXP_LNKCTL: 0x10,
  PCI_EXP_LNKSTA: 0x12,
  PCI_STD_NUM_BARS: 6,
} as const;

const MASTER = 4;

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
    ...pciVectors(),
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
    to_pci_dev: (dev) => dev as unknown as header.PciDev,
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
    ...express(),
    pci_device_is_present: (pdev: header.PciDev) =>
      boundOf(pdev).kernel.config.read32(boundOf(pdev).pci.bdf, 0) !== ALL_ONES,
    pci_intx: (pdev: header.PciDev, on: boolean) => setIntx(boundOf(pdev).kernel, boundOf(pdev).pci.bdf, on),
    pci_set_master: (pdev: header.PciDev) => setMaster(boundOf(pdev), true),
    pci_clear_master: (pdev: header.PciDev) => setMaster(boundOf(pdev), false),
  };
}

/** Registers of the PCI Express capability, by their offset in it (drivers/pci/access.c). */
function express() {
  const place = (pdev: header.PciDev) => {
    const { kernel, pci } = boundOf(pdev);
    return {
      config: kernel.config,
      bdf: pci.bdf,
      at: kernel.config.findCapability(pci.bdf, CONSTANTS.PCI_CAP_ID_EXP),
    };
  };
  const read = (pdev: header.PciDev, pos: number, width: 2 | 4) => {
    const { config, bdf, at } = place(pdev);
    return at ? config.read(bdf, at + pos, width) : 0;
  };
  const change = (pdev: header.PciDev, pos: number, to: (old: number) => number) => {
    const { config, bdf, at } = place(pdev);
    if (at) config.write(bdf, at + pos, { width: 2, value: to(config.read(bdf, at + pos, 2)) & 0xffff });
    return 0;
  };
  return {
    pci_find_ext_capability: (pdev: header.PciDev, id: number) => {
      const { kernel, pci } = boundOf(pdev);
      return kernel.config.findExtendedCapability(pci.bdf, id);
    },
    pcie_capability_read_word: (pdev: header.PciDev, pos: number) => read(pdev, pos, 2),
    pcie_capability_read_dword: (pdev: header.PciDev, pos: number) => read(pdev, pos, 4),
    pcie_capability_write_word: (pdev: header.PciDev, pos: number, value: number) =>
      change(pdev, pos, () => value),
    pcie_capability_set_word: (pdev: header.PciDev, pos: number, set: number) =>
      change(pdev, pos, (old) => old | set),
    pcie_capability_clear_word: (pdev: header.PciDev, pos: number, clear: number) =>
      change(pdev, pos, (old) => old & ~clear),
    pci_is_pcie: (pdev: header.PciDev) => place(pdev).at !== 0,
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
