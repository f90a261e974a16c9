/** What a driver's folder holds, as text: it compiles and runs at once, without npm. */

/** `0x1234:0x11e8`, the demo machine's educational device. */
export const driverText = (
  name: string,
): string => `import { ioread32, iowrite32, type IoMem } from "linux/io";
import {
  module_pci_driver,
  PCI_DEVICE,
  pci_disable_device,
  pci_enable_device,
  pci_iomap,
  pci_iounmap,
  pci_release_regions,
  pci_request_regions,
  type PciDev,
} from "linux/pci";
import { dev_info } from "linux/printk";

const ENOMEM = 12;
/** The device answers with the inverse of what was written here. */
const LIVENESS = 0x04;

let io: IoMem | null = null;

function probe(dev: PciDev): number {
  let err = pci_enable_device(dev);
  if (err) return err;
  err = pci_request_regions(dev, "${name}");
  if (err) return err;
  io = pci_iomap(dev, 0, 0);
  if (!io) return -ENOMEM;
  iowrite32(0x12345678, io, LIVENESS);
  dev_info(dev, \`liveness 0x\${ioread32(io, LIVENESS).toString(16)}\`);
  return 0;
}

function remove(dev: PciDev): void {
  if (io) pci_iounmap(dev, io);
  pci_release_regions(dev);
  pci_disable_device(dev);
}

module_pci_driver({ name: "${name}", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove });
`;

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
  return "A driver's name begins with a lower-case letter and holds letters, digits, - and _.";
}
