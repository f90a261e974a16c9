/** The lspci of pciutils that is installed here, as a second opinion. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SysfsDevice } from "../../emulator/linux/sysfs";
import { writeSysfs } from "../../extension/host/sysfs-tree";

/** What ours prints is what this version prints; others word some lines differently. */
const VERSION = "lspci version 3.9.0";

/** Why it cannot be asked; undefined where it can. */
export function whyNoLspci(): string | undefined {
  try {
    const version = execFileSync("lspci", ["--version"], { encoding: "utf8" }).trim();
    return version === VERSION ? undefined : `${version} is installed, not 3.9.0`;
  } catch {
    return "lspci is not installed (apt-get install pciutils)";
  }
}

export interface Answer {
  readonly text: string;
  /** Without the line about libkmod, which is harmless. */
  readonly complaints: string;
}

/** Of a folder like /sys/bus/pci. */
export function lspciOfSysfs(devices: readonly SysfsDevice[], options: readonly string[]): Answer {
  return inFolder((folder) => {
    const tree = join(folder, "pci");
    writeSysfs(devices, tree);
    return ask(["-A", "linux-sysfs", "-O", `sysfs.path=${tree}`, ...options]);
  });
}

/** Of what `lspci -x…` printed. */
export function lspciOfDump(dump: string, options: readonly string[]): Answer {
  return inFolder((folder) => {
    const file = join(folder, "dump.txt");
    writeFileSync(file, dump);
    return ask(["-F", file, ...options]);
  });
}

function inFolder(use: (folder: string) => Answer): Answer {
  const folder = mkdtempSync(join(tmpdir(), "rootport-lspci-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ask(options: readonly string[]): Answer {
  const { stdout, stderr, status } = spawnSync("lspci", options, { encoding: "utf8", maxBuffer: 1 << 28 });
  const complaints = stderr.replace(/^lspci: Unable to load libkmod resources.*\n/m, "");
  return { text: stdout, complaints: status ? `${complaints}exit ${status}` : complaints };
}
