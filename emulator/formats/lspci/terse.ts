/** The first line of a function, the line for scripts, and the block for scripts. */
import type { SysfsDevice } from "../../linux/sysfs";
import { type Naming, subsystemOf } from "./naming";
import { hex } from "./text";

export interface TerseOptions {
  readonly naming: Naming;
  /** `-D`: the domain always. */
  readonly domain: boolean;
  readonly verbosity: number;
}

export function slotOf({ name }: SysfsDevice, domain: boolean): string {
  return domain ? name : name.replace(/^0000:/, "");
}

/** `00:00.0 Host bridge: …`; with -v its programming interface. */
export function terse(device: SysfsDevice, { naming, domain, verbosity }: TerseOptions): string {
  const revision = device.revision ? ` (rev ${hex(device.revision, 2)})` : "";
  const title = `${naming.class(device.class >>> 8)}: ${naming.pair(device)}`;
  return `${slotOf(device, domain)} ${title}${revision}${verbosity ? progIf(device, naming) : ""}`;
}

function progIf(device: SysfsDevice, naming: Naming): string {
  const value = device.class & 0xff;
  const name = naming.progIf(device.class >>> 8, value);
  if (!value && name === undefined) return "";
  return ` (prog-if ${hex(value, 2)}${name === undefined ? "" : ` [${name}]`})`;
}

/** `-m`, `-mm`: fields in quotes. */
export function machineReadable(device: SysfsDevice, { naming, domain }: TerseOptions): string {
  const ids = subsystemOf(device);
  const fields = [naming.class(device.class >>> 8), naming.vendor(device.vendor), naming.device(device)];
  const revision = device.revision ? ` -r${hex(device.revision, 2)}` : "";
  const [maker, model] = ids
    ? [naming.subsystemVendor(ids.vendor), naming.subsystemDevice(device, ids)]
    : ["", ""];
  return `${slotOf(device, domain)} ${fields.map(quoted).join(" ")}${revision} -p${hex(device.class & 0xff, 2)} ${quoted(maker)} ${quoted(model)}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

export interface BlockOptions extends TerseOptions {
  /** `-vm`: the first key is `Device`, as it was before there was `-mm`. */
  readonly old: boolean;
  /** `-k` */
  readonly driver: boolean;
}

/** `-vmm`: a key and a value a line. */
export function block(device: SysfsDevice, { naming, domain, old, driver }: BlockOptions): readonly string[] {
  const ids = subsystemOf(device);
  const rows: readonly (readonly [key: string, value: string | undefined])[] = [
    [old ? "Device" : "Slot", slotOf(device, domain)],
    ["Class", naming.class(device.class >>> 8)],
    ["Vendor", naming.vendor(device.vendor)],
    ["Device", naming.device(device)],
    ["SVendor", ids && naming.subsystemVendor(ids.vendor)],
    ["SDevice", ids && naming.subsystemDevice(device, ids)],
    ["Rev", device.revision ? hex(device.revision, 2) : undefined],
    ["ProgIf", hex(device.class & 0xff, 2)],
    ["Driver", driver ? device.driver : undefined],
  ];
  return rows.flatMap(([key, value]) => (value === undefined ? [] : [`${key}:\t${value}`]));
}
