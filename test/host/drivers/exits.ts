import { module_pci_driver, PCI_DEVICE } from "linux/pci";

const world = globalThis as unknown as { process: { exit(code: number): void } };

function probe(): number {
  world.process.exit(3);
  return 0;
}

module_pci_driver({ name: "exits", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove() {} });
