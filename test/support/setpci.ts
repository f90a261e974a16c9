/** The setpci of pciutils that is installed here, on a folder like /sys/bus/pci: a second opinion. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SysfsDevice } from "../../emulator/linux/sysfs";
import { writeSysfs } from "../../extension/host/sysfs-tree";

/** Ours knows the names of this version. */
const VERSION = "setpci version 3.9.0";

/** Why it cannot be asked; undefined where it can. */
export function whyNoSetpci(): string | undefined {
  try {
    const version = execFileSync("setpci", ["--version"], { encoding: "utf8" }).trim();
    return version === VERSION ? undefined : `${version} is installed, not 3.9.0`;
  } catch {
    return "setpci is not installed (apt-get install pciutils)";
  }
}

/** What it prints, its complaints included. */
export function realSetpci(devices: readonly SysfsDevice[], words: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "rootport-setpci-"));
  const tree = join(folder, "pci");
  try {
    writeSysfs(devices, tree);
    const given = ["-A", "linux-sysfs", "-O", `sysfs.path=${tree}`, ...words];
    const { stdout, stderr } = spawnSync("setpci", given, { encoding: "utf8" });
    return `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
