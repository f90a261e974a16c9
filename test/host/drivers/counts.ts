/** Never returns, and counts its turns. */
import { module_pci_driver, PCI_DEVICE } from "linux/pci";

function probe(): number {
  let turns = 0;
  let odd = 0;
  while (turns >= 0) {
    turns += 1;
    odd = turns & 1;
  }
  return odd;
}

module_pci_driver({ name: "counts", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove() {} });
