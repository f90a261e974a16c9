/** Names of vendors, devices and classes from the text of `pci.ids`, and how lspci prints what has no name. */

/** Names as pciutils looks them up; undefined where the list has none. Numbers are identifiers, 16 bits each. */
export interface PciNames {
  vendor(vendor: number): string | undefined;
  device(vendor: number, device: number): string | undefined;
  /** Base class and subclass, 16 bits. */
  class(classCode: number): string | undefined;
}

/** The names of the built-in machines: what is known without the list. */
export const fewNames: PciNames = parsePciIds(
  [
    "1af4  Red Hat, Inc.",
    "\t1110  Inter-VM shared memory",
    "1b36  Red Hat, Inc.",
    "\t000c  QEMU PCIe Root port",
    "8086  Intel Corporation",
    "\t29c0  82G33/G31/P35/P31 Express DRAM Controller",
    "C 00  Unclassified device",
    "C 05  Memory controller",
    "\t00  RAM memory",
    "C 06  Bridge",
    "\t00  Host bridge",
    "\t04  PCI bridge",
  ].join("\n"),
);

/** Reads the list: vendors at the margin, devices one tab in, `C` begins the classes. */
export function parsePciIds(text: string): PciNames {
  const names = new Map<string, string>();
  let above = "";
  for (const line of text.split("\n")) {
    const [, tabs = "", kind = "", id = "", name = ""] = /^(\t*)(C )?([0-9a-f]+) {2}(.*)$/.exec(line) ?? [];
    if (!id || tabs.length > 1) continue;
    if (!tabs) above = `${kind}${id}`;
    names.set(tabs ? `${above}:${id}` : above, name);
  }
  return {
    vendor: (vendor) => names.get(digits(vendor, 4)),
    device: (vendor, device) => names.get(`${digits(vendor, 4)}:${digits(device, 4)}`),
    class: (code) =>
      names.get(`C ${digits(code >>> 8, 2)}:${digits(code & 0xff, 2)}`) ?? wholeClass(names, code),
  };
}

/** A subclass without a name prints as its base class with the number. */
function wholeClass(names: ReadonlyMap<string, string>, code: number): string | undefined {
  const base = names.get(`C ${digits(code >>> 8, 2)}`);
  return base && `${base} [${digits(code, 4)}]`;
}

/** `Host bridge`; `Class [1234]` where the name is not known (pciutils names-hash.c, format_name). */
export function className(names: PciNames, classCode: number): string {
  const code = classCode >>> 8;
  return names.class(code)?.replace(/ \[[0-9a-f]{4}\]$/, "") ?? `Class ${digits(code, 4)}`;
}

/** `Intel Corporation 82G33/…`; `Device 1234:11e8` where the vendor is not known, `Red Hat, Inc. Device 1111` the device. */
export function deviceName(
  names: PciNames,
  { vendor, device }: { readonly vendor: number; readonly device: number },
): string {
  const maker = names.vendor(vendor);
  if (maker === undefined) return `Device ${digits(vendor, 4)}:${digits(device, 4)}`;
  return `${maker} ${names.device(vendor, device) ?? `Device ${digits(device, 4)}`}`;
}

function digits(value: number, width: number): string {
  return value.toString(16).padStart(width, "0");
}
