/** The list of PCI names that ships with us, unpacked. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { type PciNames, parsePciIds } from "../../emulator/formats/pci-names";

/** Beside the bundle that calls it. */
export function loadNames(): PciNames {
  const packed = readFileSync(join(__dirname, "data", "pci.ids.br"));
  return parsePciIds(brotliDecompressSync(packed).toString("utf8"));
}
