/** /proc/bus/pci/devices (drivers/pci/proc.c, show_device): a line a function, in the order of enumeration. */
import { digits } from "../core/hex";
import type { SysfsDevice, SysfsResource } from "../linux/sysfs";

/** BARs and ROM. */
const RESOURCES = 7;
/** What a BAR's low bits say. */
const KIND_BITS = 0xf;

export function formatProcDevices(devices: readonly SysfsDevice[]): string {
  return devices.map((device) => `${line(device)}\n`).join("");
}

function line({ name, vendor, device, irq, resource, driver = "" }: SysfsDevice): string {
  const [, bus = "", slot = "", fn = ""] = name.split(/[:.]/);
  const number = (Number.parseInt(slot, 16) << 3) | Number(fn);
  const places = resource.slice(0, RESOURCES);
  const columns = [...places.map(start), ...places.map(length)].map((value) =>
    value.toString(16).padStart(16),
  );
  return `${bus}${digits(number, 2)}\t${digits(vendor, 4)}${digits(device, 4)}\t${irq.toString(16)}\t${columns.join("\t")}\t${driver}`;
}

function start({ start, flags }: SysfsResource): bigint {
  return BigInt(start) | BigInt(flags & KIND_BITS);
}

function length({ start, end }: SysfsResource): bigint {
  return start < end ? BigInt(end) - BigInt(start) + 1n : 0n;
}
