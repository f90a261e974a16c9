import { module_pci_driver, PCI_DEVICE } from "linux/pci";

function probe(): number {
  let turns = 0;
  turns = 1;
  while (true) {
    turns = (turns * 3 + 1) | 0;
    if (turns === 77.5) break;
  }
  return 0;
}

module_pci_driver({ name: "spin", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove() {} });
