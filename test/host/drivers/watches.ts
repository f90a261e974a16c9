import { type IoMem, ioread32, iowrite32 } from "linux/io";
import { module_pci_driver, PCI_DEVICE, type PciDev, pci_enable_device, pci_iomap } from "linux/pci";

let io: IoMem;

function probe(dev: PciDev): number {
  pci_enable_device(dev);
  const mapped = pci_iomap(dev, 0, 0);
  if (!mapped) return -12;
  io = mapped;
  return 0;
}

export function exercise(): void {
  // @watch edu.LIVENESS w group life if $value == 2
  for (let n = 1; n < 4; n += 1) iowrite32(n, io, 4);
  iowrite32(3, io, 8); // @watch edu.FACTORIAL w once
  iowrite32(4, io, 8);
  // @watch edu.NOTHING w
  while (ioread32(io, 0x20) & 1);
}

module_pci_driver({ name: "watches", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove() {} });
