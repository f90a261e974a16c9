/** Interrupt vectors of a PCI device (drivers/pci/msi): MSI-X, else MSI, else the INTx line. */
import type { PciDev } from "linux/pci";
import { highHalf, lowHalf, offset, physical, type VirtualAddress } from "../../core/address";
import { MSI_ID } from "../../pci/capabilities/msi";
import { MSIX_ID } from "../../pci/capabilities/msix";
import type { BoundDevice } from "../bound-device";
import { setIntx } from "../command";
import { FIRST_MESSAGE_IRQ } from "../irq-numbers";
import { routedIrq } from "./pci-enable";

const FLAG = { LEGACY: 1, MSI: 2, MSIX: 4 } as const;
const EINVAL = 22;
const ENOSPC = 28;
const MESSAGE_ADDRESS = 0xfee00000;
const ENTRY_BYTES = 16;
const MSIX_ENABLE = 0x8000;
const MSIX_MASK_ALL = 0x4000;
/** PCI_IRQ_VIRTUAL is not here: 1 to 32 vectors of MSI, 1 to 2048 of MSI-X. */
const MOST_MSI = 32;

export function pciVectors() {
  const bound = (pdev: PciDev) => pdev as BoundDevice;
  return {
    pci_alloc_irq_vectors: (pdev: PciDev, min: number, max: number, flags: number) =>
      allocate(bound(pdev), { min, max, flags }),
    pci_free_irq_vectors: (pdev: PciDev) => free(bound(pdev)),
    pci_irq_vector: (pdev: PciDev, vector: number) => bound(pdev).vectors[vector] ?? -EINVAL,
    pci_enable_msi: (pdev: PciDev) => Math.min(0, allocate(bound(pdev), { min: 1, max: 1, flags: FLAG.MSI })),
    pci_disable_msi: (pdev: PciDev) => free(bound(pdev)),
    pci_msix_vec_count: (pdev: PciDev) => {
      const count = msixSize(bound(pdev));
      return count === 0 ? -EINVAL : count;
    },
    pci_msi_vec_count: (pdev: PciDev) => {
      const count = msiSize(bound(pdev));
      return count === 0 ? -EINVAL : count;
    },
  };
}

interface Wanted {
  readonly min: number;
  readonly max: number;
  readonly flags: number;
}

function allocate(dev: BoundDevice, { min, max, flags }: Wanted): number {
  if (max < min || min < 1) return -EINVAL;
  const msix = flags & FLAG.MSIX ? Math.min(max, msixSize(dev)) : 0;
  if (msix >= min && enableMsix(dev, msix)) return msix;
  const msi = flags & FLAG.MSI ? 2 ** Math.floor(Math.log2(Math.min(max, msiSize(dev)) || 0.5)) : 0;
  if (msi >= min) {
    enableMsi(dev, msi);
    return msi;
  }
  if (!(flags & FLAG.LEGACY) || min > 1 || !dev.irq) return -ENOSPC;
  setIntx(dev.kernel, dev.pci.bdf, true);
  dev.vectors = [dev.irq];
  return 1;
}

function free(dev: BoundDevice): void {
  const { config, vmalloc } = dev.kernel;
  const { bdf } = dev.pci;
  const hadMessages = (dev.vectors[0] ?? 0) >= FIRST_MESSAGE_IRQ;
  const [msi, msix] = [config.findCapability(bdf, MSI_ID), config.findCapability(bdf, MSIX_ID)];
  if (msi) setFlags(dev, msi, { set: 0, clear: 1 });
  if (msix) setFlags(dev, msix, { set: 0, clear: MSIX_ENABLE });
  if (hadMessages) setIntx(dev.kernel, bdf, true);
  if (hadMessages) dev.pci.irq = routedIrq(dev);
  if (dev.msixTable !== undefined) vmalloc.iounmap(dev.msixTable);
  dev.msixTable = undefined;
  dev.vectors = [];
  dev.kernel.changed();
}

/** Vectors that the device offers; 0 without the capability. */
function msiSize({ kernel: { config }, pci: { bdf } }: BoundDevice): number {
  const msi = config.findCapability(bdf, MSI_ID);
  return msi ? Math.min(MOST_MSI, 1 << ((config.read(bdf, msi + 2, 2) >>> 1) & 7)) : 0;
}

function msixSize({ kernel: { config }, pci: { bdf } }: BoundDevice): number {
  const msix = config.findCapability(bdf, MSIX_ID);
  return msix ? (config.read(bdf, msix + 2, 2) & 0x7ff) + 1 : 0;
}

/** One message for all: the device puts the number of the vector into its low bits. The first is `pdev.irq` now. */
function enableMsi(dev: BoundDevice, count: number): void {
  const { config, irq } = dev.kernel;
  const { bdf } = dev.pci;
  const msi = config.findCapability(bdf, MSI_ID);
  const messages = irq.allocateMessages(count);
  const wide = (config.read(bdf, msi + 2, 2) & 0x80) !== 0;
  config.write32(bdf, msi + 4, MESSAGE_ADDRESS);
  if (wide) config.write32(bdf, msi + 8, 0);
  config.write(bdf, msi + (wide ? 12 : 8), { width: 2, value: messages[0]?.data ?? 0 });
  setIntx(dev.kernel, bdf, false);
  setFlags(dev, msi, { set: 1 | (Math.log2(count) << 4), clear: 0x70 });
  dev.vectors = messages.map((message) => message.irq);
  dev.pci.irq = dev.vectors[0] ?? 0;
}

/** An entry of the table for each; false where the table has no address. */
function enableMsix(dev: BoundDevice, count: number): boolean {
  const { config, irq } = dev.kernel;
  const { bdf } = dev.pci;
  const msix = config.findCapability(bdf, MSIX_ID);
  const table = mapTable(dev, config.read32(bdf, msix + 4), msixSize(dev));
  if (table === undefined) return false;
  setFlags(dev, msix, { set: MSIX_ENABLE | MSIX_MASK_ALL, clear: 0 });
  const messages = irq.allocateMessages(count);
  for (const [index, { data }] of messages.entries()) {
    const entry = [MESSAGE_ADDRESS, 0, data, 0];
    for (const [word, value] of entry.entries())
      store(dev, offset(table, index * ENTRY_BYTES + word * 4), value);
  }
  setIntx(dev.kernel, bdf, false);
  setFlags(dev, msix, { set: 0, clear: MSIX_MASK_ALL });
  dev.vectors = messages.map((message) => message.irq);
  return true;
}

/** Linux maps the table for itself (msix_map_region). */
function mapTable(dev: BoundDevice, place: number, entries: number): VirtualAddress | undefined {
  const resource = dev.pci.resource[place & 7];
  if (!resource?.parent) return undefined;
  const at = physical(resource.start + (place & ~7));
  const mapped = dev.kernel.vmalloc.ioremap(at, { bytes: entries * ENTRY_BYTES, owner: dev.driver });
  dev.msixTable = mapped ?? undefined;
  return dev.msixTable;
}

function store({ kernel }: BoundDevice, at: VirtualAddress, value: number): void {
  kernel.machine.cpu.write32(highHalf(at), lowHalf(at), value | 0);
}

function setFlags(
  { kernel: { config }, pci }: BoundDevice,
  at: number,
  bits: { set: number; clear: number },
): void {
  const flags = config.read(pci.bdf, at + 2, 2);
  config.write(pci.bdf, at + 2, { width: 2, value: (flags & ~bits.clear) | bits.set });
}
