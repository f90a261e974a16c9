/** The files that people read on a machine: `cat` and `ls` of /proc and /sys/bus/pci/devices. */
import { formatIomem, formatIoports } from "../../../emulator/formats/iomem";
import { formatProcDevices } from "../../../emulator/formats/proc-devices";
import type { SysfsDevice } from "../../../emulator/linux/sysfs";

import { sysfsFiles } from "../sysfs-tree";
import type { Reachable } from "./reachable";
import type { Words } from "./words";

const DEVICES = "/sys/bus/pci/devices";

type Read = (control: Reachable) => string | Promise<string>;

const PROC: Readonly<Record<string, Read>> = {
  "/proc/iomem": ({ linux }) => formatIomem(linux.iomem),
  "/proc/ioports": ({ linux }) => formatIoports(linux.ioports),
  "/proc/bus/pci/devices": async (control) => formatProcDevices(await control.sysfs()),
};

/** Without `//`, `.` and a last slash; what is relative begins at /. */
const whole = (path: string): string =>
  `/${path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/")}`;

const parts = (path: string) => /^\/sys\/bus\/pci\/devices\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];

/** Not a folder: what `cat` prints. */
export const isFile = (path: string): boolean => Object.hasOwn(PROC, path) || parts(path)[2] !== undefined;

/** `01:00.0` is as good as `0000:01:00.0`. */
async function deviceOf(control: Reachable, name: string): Promise<SysfsDevice | undefined> {
  return (await control.sysfs()).find((device) => device.name === name || device.name === `0000:${name}`);
}

async function read(control: Reachable, path: string): Promise<string> {
  const proc = PROC[path];
  if (proc) return proc(control);
  const [, name = "", file = ""] = parts(path);
  const device = name === "" ? undefined : await deviceOf(control, name);
  const content = device && sysfsFiles(device)[file];
  if (content === undefined) throw new Error(`cat: ${path}: No such file or directory`);
  if (typeof content !== "string") throw new Error(`${path} is binary: lspci -xxxx -s ${name} prints it.`);
  return content;
}

/** Throws a sentence. */
export async function cat(control: Reachable, paths: Words): Promise<string> {
  if (paths.length === 0)
    throw new Error(`cat what? ${Object.keys(PROC).join(", ")}, ${DEVICES}/BDF/resource.`);
  let text = "";
  for (const path of paths) text += await read(control, whole(path));
  return text;
}

/** The names in a folder; undefined where there is none. */
export async function entries(control: Reachable, folder: string): Promise<readonly string[] | undefined> {
  const path = whole(folder);
  const [, name, file] = parts(path);
  if (name !== undefined && file === undefined) {
    const device = await deviceOf(control, name);
    return device && Object.keys(sysfsFiles(device)).toSorted();
  }
  if (path === DEVICES) return (await control.sysfs()).map((device) => device.name);
  const below = path === "/" ? "/" : `${path}/`;
  const known = [...Object.keys(PROC), DEVICES].filter((each) => each.startsWith(below));
  const names = new Set(known.map((each) => each.slice(below.length).split("/")[0] ?? ""));
  return names.size > 0 ? [...names].toSorted() : undefined;
}

export async function ls(control: Reachable, words: Words): Promise<string> {
  const [path = "/", more] = words.filter((word) => !word.startsWith("-"));
  if (more !== undefined) throw new Error("One folder at a time: ls /sys/bus/pci/devices.");
  const found = (await entries(control, path)) ?? (await oneFile(control, path));
  return found.map((name) => `${name}\n`).join("");
}

async function oneFile(control: Reachable, path: string): Promise<readonly string[]> {
  await read(control, whole(path)).catch(() => {
    throw new Error(`ls: cannot access '${path}': No such file or directory`);
  });
  return [path];
}
