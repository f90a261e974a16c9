/**
 * Names of classes and devices as lspci prints them. Only those of the built-in machines: a full list of names comes
 * with the import of real machines. Source: the PCI ID project (pci.ids, BSD-3-Clause or GPL-2.0-or-later).
 */

const CLASSES: Readonly<Record<string, string>> = {
  "0000": "Non-VGA unclassified device",
  "00ff": "Unclassified device",
  "0106": "SATA controller",
  "0108": "Non-Volatile memory controller",
  "0200": "Ethernet controller",
  "0300": "VGA compatible controller",
  "0500": "RAM memory",
  "0600": "Host bridge",
  "0601": "ISA bridge",
  "0604": "PCI bridge",
  "0700": "Serial controller",
  "0c05": "SMBus",
};

const VENDORS: Readonly<Record<string, string>> = {
  "1af4": "Red Hat, Inc.",
  "1b36": "Red Hat, Inc.",
  "8086": "Intel Corporation",
};

const DEVICES: Readonly<Record<string, string>> = {
  "1af4:1110": "Inter-VM shared memory",
  "1b36:000c": "QEMU PCIe Root port",
  "8086:29c0": "82G33/G31/P35/P31 Express DRAM Controller",
};

/** `Host bridge`, or `Class 1234` where the name is not known. */
export function className(classCode: number): string {
  const key = digits(classCode >>> 8);
  return CLASSES[key] ?? `Class ${key}`;
}

/** `Intel Corporation 82G33/…`, or `Device 1234:11e8` where the vendor is not known. */
export function deviceName({ vendor, device }: { readonly vendor: number; readonly device: number }): string {
  const [maker, model] = [digits(vendor), digits(device)];
  const known = VENDORS[maker];
  if (!known) return `Device ${maker}:${model}`;
  return `${known} ${DEVICES[`${maker}:${model}`] ?? `Device ${model}`}`;
}

function digits(value: number): string {
  return value.toString(16).padStart(4, "0");
}
