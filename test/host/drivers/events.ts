import { free_irq, IRQ_HANDLED, type irqreturn_t, request_irq } from "linux/interrupt";
import { type IoMem, ioread16, ioread32, iowrite32 } from "linux/io";
import {
  module_pci_driver,
  PCI_DEVICE,
  type PciDev,
  pci_enable_device,
  pci_iomap,
  pci_write_config_word,
} from "linux/pci";

let io: IoMem;
let device: PciDev;

function probe(dev: PciDev): number {
  pci_enable_device(dev);
  const mapped = pci_iomap(dev, 0, 0);
  if (!mapped) return -12;
  [io, device] = [mapped, dev];
  return request_irq(dev.irq, interrupt, 0, "edu", dev);
}

function interrupt(): irqreturn_t {
  iowrite32(1, io, 0x64);
  return IRQ_HANDLED;
}

export function exercise(): void {
  ioread16(io, 0x20);
  iowrite32(7, io, 0);
  iowrite32(1, io, 0x60);
  lose();
}

function lose(): void {
  pci_write_config_word(device, 4, 0);
  ioread32(io, 4);
  free_irq(device.irq, device);
  try {
    ioread32(io.plus(0x4000_0000), 0);
  } catch {
    return;
  }
}

module_pci_driver({ name: "events", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove() {} });
