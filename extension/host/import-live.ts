/** This very Linux host as a machine: from sysfs and /proc, nothing is written. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { MachineDescription } from "../../emulator/machine/description";
import { importTexts } from "./import-folder";
import { MachineProblem } from "./machine-file";

const DEVICES = "sys/bus/pci/devices";
const HEADER_BYTES = 64;

/** `root`: where sysfs and /proc are mounted, `/` on a running system. Throws `MachineProblem`. */
export function importLive(root = "/"): MachineDescription {
  const folder = join(root, DEVICES);
  if (!existsSync(folder))
    throw new MachineProblem(`${folder} does not exist: this host is no Linux, or has no PCI.`);
  const functions = readdirSync(folder).sort();
  return importTexts(
    {
      name: hostname(),
      dump: functions.map((bdf) => dumpOf(bdf, readFileSync(join(folder, bdf, "config")))).join(""),
      resources: functions
        .map((bdf) => `## ${bdf}\n${readFileSync(join(folder, bdf, "resource"), "utf8")}`)
        .join(""),
      iomem: addresses(join(root, "proc/iomem")),
      ioports: addresses(join(root, "proc/ioports")),
    },
    folder,
  );
}

/** As `lspci -xxxx` prints it. */
function dumpOf(bdf: string, config: Uint8Array): string {
  if (config.length <= HEADER_BYTES) {
    throw new MachineProblem(
      `${bdf} shows only ${config.length} bytes of its configuration space: run this as root.`,
    );
  }
  const lines = Array.from({ length: Math.ceil(config.length / 16) }, (_, row) => {
    const bytes = [...config.subarray(row * 16, row * 16 + 16)].map((byte) =>
      byte.toString(16).padStart(2, "0"),
    );
    return `${(row * 16).toString(16).padStart(2, "0")}: ${bytes.join(" ")}\n`;
  });
  return `${bdf} \n${lines.join("")}\n`;
}

/** What a reader without privileges sees has no addresses at all. */
function addresses(path: string): string {
  const text = readFileSync(path, "utf8");
  if (!/[1-9a-f][0-9a-f]* :/.test(text))
    throw new MachineProblem(`${path} hides its addresses: run this as root.`);
  return text;
}
