/** Lets edu copy from RAM into itself and back: a coherent buffer, watched by name in the tests. */
import { udelay } from "linux/delay";
import {
  DMA_BIT_MASK,
  dma_alloc_coherent,
  dma_free_coherent,
  dma_set_mask_and_coherent,
} from "linux/dma-mapping";
import { type IoMem, ioread32, iowrite32 } from "linux/io";
import {
  module_pci_driver,
  PCI_DEVICE,
  type PciDev,
  pci_enable_device,
  pci_iomap,
  pci_iounmap,
  pci_set_master,
} from "linux/pci";
import { GFP_KERNEL } from "linux/slab";

const BUFFER = 0x40000;
let buffer: NonNullable<ReturnType<typeof dma_alloc_coherent>>;
let io: IoMem;

function copy(source: number, target: number, command: number): void {
  iowrite32(source, io, 0x80);
  iowrite32(0, io, 0x84);
  iowrite32(target, io, 0x88);
  iowrite32(0, io, 0x8c);
  iowrite32(8, io, 0x90);
  iowrite32(command, io, 0x98);
  while (ioread32(io, 0x98) & 1) udelay(1);
}

function probe(dev: PciDev): number {
  pci_enable_device(dev);
  pci_set_master(dev);
  dma_set_mask_and_coherent(dev.dev, DMA_BIT_MASK(28));
  const [mapped, memory] = [pci_iomap(dev, 0, 0), dma_alloc_coherent(dev.dev, 4096, GFP_KERNEL)];
  if (!mapped || !memory) return -12;
  [io, buffer] = [mapped, memory];
  return 0;
}

export function exercise(): void {
  const handle = Number(buffer.dma_handle);
  copy(handle, BUFFER, 1);
  copy(BUFFER, handle + 16, 3);
}

function remove(dev: PciDev): void {
  dma_free_coherent(dev.dev, 4096, buffer.cpu_addr, buffer.dma_handle);
  pci_iounmap(dev, io);
}

module_pci_driver({ name: "edu-dma", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove });
