import { module_pci_driver, PCI_DEVICE } from "linux/pci";

/** Not what a driver may do, but what a bug in V8 looks like from outside. */
function probe(): number {
  process.kill(process.pid, "SIGSEGV");
  while (true);
}

module_pci_driver({ name: "crash", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove() {} });
