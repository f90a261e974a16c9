import { mdelay } from "linux/delay";
import { ioread32, iowrite64 } from "linux/io";
import {
  module_pci_driver,
  PCI_DEVICE,
  type PciDev,
  pci_enable_device,
  pci_iomap,
  pci_iounmap,
  pci_release_regions,
  pci_request_regions,
} from "linux/pci";

const DMA_SRC = 0x80;
const DMA_DST = 0x88;
const DMA_COUNT = 0x90;
const DMA_CMD = 0x98;

/** Reads before it enables, and lets the device write without its being allowed to. */
function probe(pdev: PciDev): number {
  const early = pci_iomap(pdev, 0, 0);
  if (!early) return -12;
  ioread32(early, 0);
  pci_iounmap(pdev, early);
  const error = pci_enable_device(pdev);
  if (error) return error;
  pci_request_regions(pdev, "no-master");
  const io = pci_iomap(pdev, 0, 0);
  if (!io) return -12;
  iowrite64(0x40000n, io, DMA_SRC);
  iowrite64(0x500_0000n, io, DMA_DST);
  iowrite64(16n, io, DMA_COUNT);
  iowrite64(3n, io, DMA_CMD);
  mdelay(200);
  pci_iounmap(pdev, io);
  pci_release_regions(pdev);
  return 0;
}

module_pci_driver({ name: "no-master", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove() {} });
