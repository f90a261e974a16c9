import { module_pci_driver, PCI_DEVICE } from "linux/pci";

function probe(): number {
  const kept: unknown[] = [];
  while (true) kept.push(new Array(1000).fill(kept.length));
}

module_pci_driver({ name: "greedy", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove() {} });
