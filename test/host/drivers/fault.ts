import { type IoMem, ioread32 } from "linux/io";
import { module_pci_driver, PCI_DEVICE, type PciDev, pci_enable_device, pci_iomap } from "linux/pci";

function probe(dev: PciDev): number {
  pci_enable_device(dev);
  const io = pci_iomap(dev, 0, 0);
  if (!io) return -12;
  forgive();
  return ioread32(beyond(io), 0);
}

function forgive(): void {
  try {
    throw new RangeError("forgiven");
  } catch {
    return;
  }
}

function beyond(io: IoMem): IoMem {
  return io.plus(0x4000_0000);
}

module_pci_driver({ name: "fault", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove() {} });
