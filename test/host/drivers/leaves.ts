import { module_pci_driver, PCI_DEVICE } from "linux/pci";

const world = globalThis as { loads?: number };

function probe(): number {
  world.loads = (world.loads ?? 0) + 1;
  console.log("loads", world.loads);
  return 0;
}

module_pci_driver({ name: "leaves", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove() {} });
