/**
 * A driver for the card of the machine `seed-nic`, driven both ways: by ports (256 bytes of I/O) and by memory (16 KiB of
 * registers, 256 MiB of packet memory). A frame is put into packet memory, goes once round the cable, and comes back to
 * RAM by DMA. Programs reach the card by /dev/nic0: `seed-nic-user.ts` is one.
 *
 * Choose the machine `seed-nic`, set a breakpoint in `nic_interrupt`, press F5.
 */

import { dev_err, dev_info } from "linux/device";
import {
  DMA_BIT_MASK,
  dma_alloc_coherent,
  dma_free_coherent,
  dma_set_mask_and_coherent,
} from "linux/dma-mapping";
import { EFAULT, EINVAL, EIO, ENODEV, ENOMEM, ENOTTY } from "linux/errno";
import { type File, pgprot_noncached, type UserMem, vm_iomap_memory } from "linux/fs";
import { free_irq, IRQ_HANDLED, IRQ_NONE, request_irq } from "linux/interrupt";
import { inl, ioread32, iowrite32, iowrite64, memcpy_toio, outl } from "linux/io";
import { _IOC_NR } from "linux/ioctl";
import { msecs_to_jiffies } from "linux/jiffies";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register } from "linux/miscdevice";
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
  pci_resource_start,
  pci_set_drvdata,
  pci_set_master,
} from "linux/pci";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { copy_from_user, copy_to_user, put_user } from "linux/uaccess";
import { init_waitqueue_head, wait_event_timeout, wake_up } from "linux/wait";
import {
  CONTROL,
  ENABLE,
  FRAME_BYTES,
  Frame,
  GET_SENT,
  ID,
  INTR_CAUSE,
  INTR_MASK,
  LINK,
  MAC_HIGH,
  MAC_LOW,
  type Nic,
  PACKETS,
  PORTS,
  REGISTER_BYTES,
  REGISTERS,
  RX,
  RX_ADDRESS,
  RX_LENGTH,
  RX_SIZE,
  STATUS,
  TX,
  TX_COUNT,
  TX_LENGTH,
  TX_OFFSET,
  TX_START,
} from "./seed-nic-registers";

function nic_interrupt(_irq: number, nic: Nic) {
  const causes = ioread32(nic.regs, INTR_CAUSE);
  if (causes === 0) {
    return IRQ_NONE;
  }
  if (causes & RX) {
    nic.received = true;
    wake_up(nic.queue);
  }
  return IRQ_HANDLED;
}

/** Sends what lies at the start of packet memory, and waits until it has come back: its bytes, or -EIO. */
function transmit(nic: Nic, length: number): number {
  nic.received = false;
  iowrite32(0, nic.regs, TX_OFFSET);
  iowrite32(length, nic.regs, TX_LENGTH);
  iowrite32(1, nic.regs, TX_START);
  if (!wait_event_timeout(nic.queue, () => nic.received, msecs_to_jiffies(100))) {
    return -EIO;
  }
  return ioread32(nic.regs, RX_LENGTH);
}

/** One frame, built in RAM field by field, sent, and compared with what DMA brought back. */
function self_test(nic: Nic): boolean {
  const mem = kzalloc(Frame.size, GFP_KERNEL);
  if (!mem) {
    return false;
  }
  const frame = Frame.at(mem);
  frame.type = 0x88b5;
  frame.number = 42;
  memcpy_toio(nic.packets, mem, Frame.size);
  kfree(mem);
  const length = transmit(nic, Frame.size);
  const back = Frame.at(nic.rx.cpu_addr);
  return length === Frame.size && back.type === 0x88b5 && back.number === 42;
}

function nic_write(nic: Nic, buf: UserMem, count: number): number {
  if (count === 0 || count > FRAME_BYTES) {
    return -EINVAL;
  }
  const mem = kzalloc(count, GFP_KERNEL);
  if (!mem) {
    return -ENOMEM;
  }
  const left = copy_from_user(mem, buf, count);
  if (left === 0) {
    memcpy_toio(nic.packets, mem, count);
  }
  kfree(mem);
  return left ? -EFAULT : transmit(nic, count);
}

function nic_read(nic: Nic, buf: UserMem, count: number): number {
  const bytes = Math.min(count, ioread32(nic.regs, RX_LENGTH));
  return copy_to_user(buf, nic.rx.cpu_addr, bytes) ? -EFAULT : bytes;
}

function files_of(nic: Nic, start: number) {
  return {
    read: (_file: File, buf: UserMem, count: number) => nic_read(nic, buf, count),
    write: (_file: File, buf: UserMem, count: number) => nic_write(nic, buf, count),
    unlocked_ioctl: (_file: File, cmd: number, arg: UserMem | number) =>
      _IOC_NR(cmd) === GET_SENT ? put_user(ioread32(nic.regs, TX_COUNT), arg) : -ENOTTY,
    mmap: (_file: File, vma: Parameters<typeof vm_iomap_memory>[0]) => {
      vma.vm_page_prot = pgprot_noncached(vma.vm_page_prot);
      return vm_iomap_memory(vma, start, REGISTER_BYTES);
    },
  };
}

/** The same registers by port: what a driver did before there was memory-mapped I/O. */
function by_port(pdev: PciDev): boolean {
  const port = pci_resource_start(pdev, PORTS);
  outl(ENABLE, port + CONTROL);
  dev_info(
    pdev.dev,
    "ports at %#x: id %#x, link %s",
    port,
    inl(port + ID),
    inl(port + STATUS) & LINK ? "up" : "down",
  );
  return inl(port + ID) === 0x5eed0001;
}

function map(pdev: PciDev): Nic | null {
  const packets = pci_iomap(pdev, PACKETS, 0);
  const regs = pci_iomap(pdev, REGISTERS, 0);
  const rx = dma_alloc_coherent(pdev.dev, 2048, GFP_KERNEL);
  if (packets && regs && rx) {
    const files = { minor: MISC_DYNAMIC_MINOR, name: "nic0", fops: {} };
    return { pdev, packets, regs, rx, irq: 0, received: false, queue: init_waitqueue_head(), misc: files };
  }
  if (rx) dma_free_coherent(pdev.dev, 2048, rx.cpu_addr, rx.dma_handle);
  if (regs) pci_iounmap(pdev, regs);
  if (packets) pci_iounmap(pdev, packets);
  return null;
}

function unmap({ pdev, packets, regs, rx }: Nic): void {
  dma_free_coherent(pdev.dev, 2048, rx.cpu_addr, rx.dma_handle);
  pci_iounmap(pdev, regs);
  pci_iounmap(pdev, packets);
}

function start(nic: Nic): number {
  const { pdev, regs } = nic;
  pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES);
  nic.irq = pci_irq_vector(pdev, 0);
  const error = request_irq(nic.irq, nic_interrupt, 0, "nic", nic);
  if (error) {
    pci_free_irq_vectors(pdev);
    return error;
  }
  iowrite64(nic.rx.dma_handle, regs, RX_ADDRESS);
  iowrite32(2048, regs, RX_SIZE);
  iowrite32(TX | RX, regs, INTR_MASK);
  return 0;
}

function stop(nic: Nic): void {
  iowrite32(0, nic.regs, CONTROL);
  iowrite32(0, nic.regs, INTR_MASK);
  free_irq(nic.irq, nic);
  pci_free_irq_vectors(nic.pdev);
}

function probe(pdev: PciDev): number {
  let error = pci_enable_device(pdev);
  if (error) {
    return error;
  }
  error = pci_request_regions(pdev, "nic") || dma_set_mask_and_coherent(pdev.dev, DMA_BIT_MASK(64));
  const nic = error ? null : map(pdev);
  if (!nic) {
    pci_release_regions(pdev);
    pci_disable_device(pdev);
    return error || -ENOMEM;
  }
  pci_set_master(pdev);
  error = start(nic);
  if (error || !by_port(pdev) || !self_test(nic)) {
    dev_err(pdev.dev, "the card does not answer");
    if (!error) stop(nic);
    unmap(nic);
    pci_release_regions(pdev);
    pci_disable_device(pdev);
    return error || -ENODEV;
  }
  dev_info(
    pdev.dev,
    "address %02x%08x, a frame went round",
    ioread32(nic.regs, MAC_HIGH),
    ioread32(nic.regs, MAC_LOW),
  );
  nic.misc = { ...nic.misc, fops: files_of(nic, pci_resource_start(pdev, REGISTERS)) };
  misc_register(nic.misc);
  pci_set_drvdata(pdev, nic);
  return 0;
}

function remove(pdev: PciDev): void {
  const nic = pci_get_drvdata<Nic>(pdev);
  misc_deregister(nic.misc);
  stop(nic);
  unmap(nic);
  pci_release_regions(pdev);
  pci_disable_device(pdev);
}

module_pci_driver({ name: "nic", id_table: [PCI_DEVICE(0x1234, 0x5eed)], probe, remove });
