/** The lines that drivers most often lack, and where they belong. */
import type { DriverEdit } from "../machine/way-views";

const line = (header: string, call: string, where: string, rest = "(pdev)"): DriverEdit => ({
  call,
  header,
  line: `${call}${rest};`,
  where,
});

const START = "in probe(), before the device is accessed";

/** Also switches on every bridge above, and wakes the device. */
export const ENABLE_DEVICE = line("linux/pci", "pci_enable_device", START);
export const SET_MASTER = line("linux/pci", "pci_set_master", "in probe(), after pci_enable_device()");
export const VECTORS = line(
  "linux/pci",
  "pci_alloc_irq_vectors",
  "in probe(), after pci_set_master()",
  "(pdev, 1, 1, PCI_IRQ_ALL_TYPES)",
);
export const REQUEST_IRQ = line(
  "linux/interrupt",
  "request_irq",
  "in probe(), after pci_alloc_irq_vectors()",
  "(pci_irq_vector(pdev, 0), handler, 0, name, dev)",
);

export function dmaMask(bits: number): DriverEdit {
  const rest = `(pdev.dev, DMA_BIT_MASK(${bits}))`;
  return line("linux/dma-mapping", "dma_set_mask_and_coherent", "in probe(), before the first buffer", rest);
}
