import { udelay } from "linux/delay";
import { module_pci_driver, PCI_DEVICE } from "linux/pci";

function probe(): number {
  udelay(2_000_000);
  console.log(Math.random(), new Date().toISOString());
  return 0;
}

module_pci_driver({ name: "dice", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove() {} });
