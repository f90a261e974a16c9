/** What a driver's folder holds, as text: it compiles and runs at once, without npm. */
import { t } from "./l10n";

/** A driver for the demo machine's educational device, `1234:11e8`; NAME is its name. */
const driver = `/** NAME: writes a register of the educational device and reads back what it made of it. */
import { dev_info } from "linux/device";
import { ENOMEM } from "linux/errno";
import { type IoMem, ioread32, iowrite32 } from "linux/io";
import {
  module_pci_driver,
  PCI_DEVICE,
  type PciDev,
  pci_disable_device,
  pci_enable_device,
  pci_get_drvdata,
  pci_iomap,
  pci_iounmap,
  pci_release_regions,
  pci_request_regions,
  pci_set_drvdata,
} from "linux/pci";

/** The device inverts what is written here. */
const LIVENESS = 0x04;

function probe(pdev: PciDev): number {
  let err = pci_enable_device(pdev);
  if (err) return err;
  err = pci_request_regions(pdev, "NAME");
  if (err) {
    pci_disable_device(pdev);
    return err;
  }
  const io = pci_iomap(pdev, 0, 0);
  if (!io) {
    pci_release_regions(pdev);
    pci_disable_device(pdev);
    return -ENOMEM;
  }
  pci_set_drvdata(pdev, io);
  iowrite32(0x12345678, io, LIVENESS);
  dev_info(pdev.dev, "liveness %#x\\n", ioread32(io, LIVENESS));
  return 0;
}

function remove(pdev: PciDev): void {
  pci_iounmap(pdev, pci_get_drvdata<IoMem>(pdev));
  pci_release_regions(pdev);
  pci_disable_device(pdev);
}

module_pci_driver({ name: "NAME", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove });
`;

/** The text of `NAME.ts`. */
export const driverText = (name: string): string => driver.replaceAll("NAME", name);

/** Type stripping keeps the driver's positions, so the compiler must refuse what cannot be stripped. */
export const tsconfigText = `${JSON.stringify(
  {
    compilerOptions: {
      target: "es2022",
      module: "esnext",
      moduleResolution: "bundler",
      strict: true,
      noEmit: true,
      erasableSyntaxOnly: true,
      verbatimModuleSyntax: true,
      types: [],
      paths: { "linux/*": ["./.rootport/types/linux/*"] },
    },
  },
  null,
  2,
)}\n`;

/** Undefined for a good name, otherwise what is wrong with it. */
export function refusedName(name: string): string | undefined {
  if (/^[a-z][a-z0-9_-]*$/.test(name)) return undefined;
  return t("A driver's name begins with a lower-case letter and holds letters, digits, - and _.");
}
