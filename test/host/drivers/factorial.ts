import { free_irq, IRQ_HANDLED, type irqreturn_t, request_irq } from "linux/interrupt";
import { type IoMem, ioread32, iowrite32 } from "linux/io";
import {
  module_pci_driver,
  PCI_DEVICE,
  type PciDev,
  pci_enable_device,
  pci_iomap,
  pci_iounmap,
} from "linux/pci";
import { pr_info } from "linux/printk";
import { FACTORIAL, ID, IRQ_ACK, IRQ_RAISE, STATUS } from "./registers";

interface Card {
  readonly io: IoMem;
  readonly irq: number;
  interrupts: number;
}

let card: Card;

function probe(dev: PciDev): number {
  const error = pci_enable_device(dev);
  if (error) return error;
  const io = pci_iomap(dev, 0, 0);
  if (!io) return -12;
  card = { io, irq: dev.irq, interrupts: 0 };
  const id = ioread32(io, ID);
  pr_info(`edu ${id.toString(16)}`);
  return request_irq(dev.irq, interrupt, 0, "edu", card);
}

function interrupt(_irq: number, self: Card): irqreturn_t {
  self.interrupts += 1;
  iowrite32(1, self.io, IRQ_ACK);
  return IRQ_HANDLED;
}

function factorial(n: number): number {
  let polls = 0;
  iowrite32(n, card.io, FACTORIAL);
  while (ioread32(card.io, STATUS) & 1) polls += 1;
  if (polls === 0) return -1;
  return ioread32(card.io, FACTORIAL);
}

function raise(): number {
  const before = card.interrupts;
  iowrite32(1, card.io, IRQ_RAISE);
  return card.interrupts - before;
}

function remove(dev: PciDev): void {
  free_irq(card.irq, card);
  pci_iounmap(dev, card.io);
  pr_info("removed");
}

export function exercise(): void {
  let sum = 0;
  for (let n = 1; n < 4; n += 1) {
    sum += factorial(n);
  }
  console.log("sum", sum);
  console.log("interrupts", raise());
}

module_pci_driver({ name: "edu", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove });
