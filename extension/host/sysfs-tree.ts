/** A folder that looks like /sys/bus/pci: for `lspci -A linux-sysfs -O sysfs.path=DIR` and other readers of sysfs. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { resourceLine, type SysfsDevice } from "../../emulator/linux/sysfs";
import { MachineProblem } from "./machine-file";

/** Writes all of it or nothing. Throws `MachineProblem`. */
export function writeSysfs(devices: readonly SysfsDevice[], folder: string): void {
  const target = resolve(folder);
  if (existsSync(target) && readdirSync(target).length)
    throw new MachineProblem(`${folder} is not empty: name a folder that does not exist yet.`);
  try {
    writeAside(devices, target);
  } catch (error) {
    throw new MachineProblem(
      `${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? "unknown"}).`,
    );
  }
}

/** Beside the target, so that the last step is one rename. */
function writeAside(devices: readonly SysfsDevice[], target: string): void {
  const half = mkdtempSync(join(dirname(target), `${basename(target)}.`));
  try {
    for (const name of ["devices", "drivers", "slots"]) mkdirSync(join(half, name));
    for (const device of devices) writeDevice(device, half);
    renameSync(half, target);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    throw error;
  }
}

function writeDevice(device: SysfsDevice, root: string): void {
  const folder = join(root, "devices", device.name);
  mkdirSync(folder);
  for (const [name, content] of Object.entries(sysfsFiles(device)))
    writeFileSync(join(folder, name), content);
  const { driver } = device;
  if (driver === undefined) return;
  mkdirSync(join(root, "drivers", driver), { recursive: true });
  symlinkSync(join("..", "..", "drivers", driver), join(folder, "driver"));
}

/** The files of a device's folder, by name. */
export function sysfsFiles(device: SysfsDevice): Readonly<Record<string, string | Uint8Array>> {
  const number = (value: number, digits: number) => `0x${value.toString(16).padStart(digits, "0")}\n`;
  return {
    config: device.config,
    resource: device.resource.map(resourceLine).join(""),
    irq: `${device.irq}\n`,
    vendor: number(device.vendor, 4),
    device: number(device.device, 4),
    subsystem_vendor: number(device.subsystemVendor, 4),
    subsystem_device: number(device.subsystemDevice, 4),
    class: number(device.class, 6),
    revision: number(device.revision, 2),
  };
}
