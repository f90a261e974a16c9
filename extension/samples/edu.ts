/**
 * A driver for QEMU's educational device: it maps BAR 0, checks that the device lives, and lets it compute a
 * factorial, first by polling, then with an interrupt.
 *
 * Set a breakpoint in `probe`, press F5, and step.
 */

import { udelay } from "linux/delay";
import { dev_err, dev_info } from "linux/device";
import { EIO, ENODEV, ENOMEM } from "linux/errno";
import { free_irq, IRQ_HANDLED, IRQ_NONE, request_irq } from "linux/interrupt";
import { type IoMem, ioread32, iowrite32 } from "linux/io";
import { msecs_to_jiffies } from "linux/jiffies";
import {
  module_pci_driver,
  PCI_DEVICE,
  PCI_IRQ_ALL_TYPES,
  type PciDev,
  pci_alloc_irq_vectors,
  pci_disable_device,
  pci_enable_device,
  pci_free_irq_vectors,
  pci_get_drvdata,
  pci_iomap,
  pci_iounmap,
  pci_irq_vector,
  pci_release_regions,
  pci_request_regions,
  pci_set_drvdata,
  pci_set_master,
} from "linux/pci";
import { init_waitqueue_head, type WaitQueueHead, wait_event_timeout, wake_up } from "linux/wait";

const ID = 0x00;
const LIVENESS = 0x04;
const FACTORIAL = 0x08;
const STATUS = 0x20;
const IRQ_STATUS = 0x24;
const IRQ_ACK = 0x64;

const STATUS_COMPUTING = 0x01;
const STATUS_IRQFACT = 0x80;

interface Edu {
  io: IoMem;
  irq: number;
  done: boolean;
  queue: WaitQueueHead;
}

/** The device inverts what is written here: proof that it is alive and decodes. */
function is_alive(io: IoMem): boolean {
  iowrite32(0x12345678, io, LIVENESS);
  return ioread32(io, LIVENESS) === 0xedcba987;
}

/** Asks for n! and polls until the device has it. */
function factorial(io: IoMem, n: number): number {
  iowrite32(n, io, FACTORIAL);
  while (ioread32(io, STATUS) & STATUS_COMPUTING) {
    udelay(1);
  }
  return ioread32(io, FACTORIAL);
}

function edu_interrupt(_irq: number, edu: Edu) {
  const causes = ioread32(edu.io, IRQ_STATUS);
  if (causes === 0) {
    return IRQ_NONE;
  }
  iowrite32(causes, edu.io, IRQ_ACK);
  edu.done = true;
  wake_up(edu.queue);
  return IRQ_HANDLED;
}

/** Asks for n! and sleeps until the interrupt says that it is there. */
function factorial_by_interrupt(edu: Edu, n: number): number {
  edu.done = false;
  iowrite32(STATUS_IRQFACT, edu.io, STATUS);
  iowrite32(n, edu.io, FACTORIAL);
  if (!wait_event_timeout(edu.queue, () => edu.done, msecs_to_jiffies(100))) {
    return -EIO;
  }
  return ioread32(edu.io, FACTORIAL);
}

function probe(pdev: PciDev): number {
  let error = pci_enable_device(pdev);
  if (error) {
    return error;
  }
  error = pci_request_regions(pdev, "edu");
  if (error) {
    pci_disable_device(pdev);
    return error;
  }
  pci_set_master(pdev);

  const io = pci_iomap(pdev, 0, 0);
  if (!io) {
    pci_release_regions(pdev);
    pci_disable_device(pdev);
    return -ENOMEM;
  }

  const id = ioread32(io, ID);
  dev_info(pdev.dev, "edu version %d.%d, id %#x", id >>> 24, (id >>> 16) & 0xff, id);
  if (!is_alive(io)) {
    dev_err(pdev.dev, "the device does not answer");
    pci_iounmap(pdev, io);
    pci_release_regions(pdev);
    pci_disable_device(pdev);
    return -ENODEV;
  }

  const five = factorial(io, 5);
  dev_info(pdev.dev, "5! = %d", five);

  pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES);
  const edu: Edu = { io, irq: pci_irq_vector(pdev, 0), done: false, queue: init_waitqueue_head() };
  pci_set_drvdata(pdev, edu);
  error = request_irq(edu.irq, edu_interrupt, 0, "edu", edu);
  if (error) {
    dev_err(pdev.dev, "no interrupt %d: error %d", edu.irq, error);
  } else {
    dev_info(pdev.dev, "10! = %d, by interrupt %d", factorial_by_interrupt(edu, 10), edu.irq);
  }
  return 0;
}

function remove(pdev: PciDev): void {
  const edu = pci_get_drvdata<Edu>(pdev);
  free_irq(edu.irq, edu);
  pci_free_irq_vectors(pdev);
  pci_iounmap(pdev, edu.io);
  pci_release_regions(pdev);
  pci_disable_device(pdev);
}

module_pci_driver({
  name: "edu",
  id_table: [PCI_DEVICE(0x1234, 0x11e8)],
  probe,
  remove,
});
