/** Names of vendors, devices, subsystems and classes from the text of `pci.ids`. */

interface Pair {
  readonly vendor: number;
  readonly device: number;
}

/** Names as pciutils looks them up; undefined where the list has none. Numbers are identifiers, 16 bits each. */
export interface PciNames {
  vendor(vendor: number): string | undefined;
  device(vendor: number, device: number): string | undefined;
  /** A subsystem of a device; what carries the device's own numbers has the device's name. */
  subsystem(of: Pair, subsystem: Pair): string | undefined;
  /** Base class and subclass, 16 bits. */
  class(classCode: number): string | undefined;
  /** 8 bits. */
  baseClass(baseClass: number): string | undefined;
  /** Programming interface, 8 bits, of a class. */
  progIf(classCode: number, progIf: number): string | undefined;
  /** Backwards: whose name `Intel Corporation 82574L Gigabit Network Connection` is. */
  find(name: string): Pair | undefined;
  /** Backwards: 16 bits, of `Ethernet controller`. */
  findClass(name: string): number | undefined;
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

/** Reads the list: vendors at the margin, devices one tab in, subsystems two; `C` begins the classes. */
export function parsePciIds(text: string): PciNames {
  const names = readNames(text);
  let back: Backwards | undefined;
  const turned = () => {
    back ??= backwards(names);
    return back;
  };
  const classNamed = (code: number) => names.get(`C ${byte(code >>> 8)}:${byte(code & 0xff)}`);
  return {
    vendor: (vendor) => names.get(word(vendor)),
    device: (vendor, device) => names.get(`${word(vendor)}:${word(device)}`),
    subsystem: (of, { vendor, device }) =>
      names.get(`${word(of.vendor)}:${word(of.device)}:${word(vendor)} ${word(device)}`) ??
      (of.vendor === vendor && of.device === device
        ? names.get(`${word(vendor)}:${word(device)}`)
        : undefined),
    class: classNamed,
    baseClass: (code) => names.get(`C ${byte(code)}`),
    progIf: (code, progIf) =>
      names.get(`C ${byte(code >>> 8)}:${byte(code & 0xff)}:${byte(progIf)}`) ?? idePart(code, progIf),
    find: (name) => findDevice(turned(), name),
    findClass: (name) => turned().classes.get(name),
  };
}

interface Backwards {
  /** `Intel Corporation 82574L Gigabit Network Connection` */
  readonly devices: ReadonlyMap<string, Pair>;
  readonly vendors: ReadonlyMap<string, number>;
  readonly classes: ReadonlyMap<string, number>;
}

/** Where a name is given twice, the first one counts. */
function backwards(names: ReadonlyMap<string, string>): Backwards {
  const [devices, vendors, classes] = [
    new Map<string, Pair>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  const first = <T>(map: Map<string, T>, name: string, value: T) => map.has(name) || map.set(name, value);
  for (const [id, name] of names) {
    const [, vendor = "", device] = /^([0-9a-f]{4})(?::([0-9a-f]{4}))?$/.exec(id) ?? [];
    const [, base, sub] = /^C ([0-9a-f]{2}):([0-9a-f]{2})$/.exec(id) ?? [];
    if (base !== undefined) first(classes, name, Number.parseInt(`${base}${sub}`, 16));
    if (!vendor) continue;
    const maker = Number.parseInt(vendor, 16);
    if (device === undefined) first(vendors, name, maker);
    else
      first(devices, `${names.get(vendor)} ${name}`, { vendor: maker, device: Number.parseInt(device, 16) });
  }
  return { devices, vendors, classes };
}

function findDevice({ devices, vendors }: Backwards, text: string): Pair | undefined {
  const [, maker = "", device = ""] = /^(.*) Device ([0-9a-f]{4})$/.exec(text) ?? [];
  const vendor = vendors.get(maker);
  const numbered = vendor === undefined ? undefined : { vendor, device: Number.parseInt(device, 16) };
  return devices.get(text) ?? numbered;
}

/** By path: `8086`, `8086:29c0`, `8086:29c0:1af4 1100`, `C 01:06:01`. */
function readNames(text: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const path: string[] = [];
  for (const line of text.split("\n")) {
    const [, tabs = "", kind = "", id = "", name = ""] =
      /^(\t*)(C )?([0-9a-f]+(?: [0-9a-f]+)?) {2}(.*)$/.exec(line) ?? [];
    if (!id) continue;
    path.length = tabs.length;
    path.push(`${kind}${id}`);
    names.set(path.join(":"), name);
  }
  return names;
}

const IDE = 0x0101;
const IDE_PARTS = [
  [0x80, "Master"],
  [0x08, "SecP"],
  [0x04, "SecO"],
  [0x02, "PriP"],
  [0x01, "PriO"],
] as const;

/** An IDE controller's bits, where the list does not know their combination. */
function idePart(code: number, progIf: number): string | undefined {
  if (code !== IDE || progIf & 0x70) return undefined;
  return IDE_PARTS.flatMap(([mask, name]) => (progIf & mask ? [name] : [])).join(" ");
}

/** `Host bridge`; the base class's name or `Class [1234]` where the list does not know more. */
export function className(names: PciNames, classCode: number): string {
  const code = classCode >>> 8;
  return names.class(code) ?? names.baseClass(code >>> 8) ?? `Class ${word(code)}`;
}

/** `Intel Corporation 82G33/…`; `Device 1234:11e8` where the vendor is not known, `Red Hat, Inc. Device 1111` the device. */
export function deviceName(names: PciNames, { vendor, device }: Pair): string {
  const maker = names.vendor(vendor);
  if (maker === undefined) return `Device ${word(vendor)}:${word(device)}`;
  return `${maker} ${names.device(vendor, device) ?? `Device ${word(device)}`}`;
}

function byte(value: number): string {
  return value.toString(16).padStart(2, "0");
}

function word(value: number): string {
  return value.toString(16).padStart(4, "0");
}
