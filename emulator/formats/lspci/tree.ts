/** `lspci -t`: who is below whom. */
import type { SysfsDevice } from "../../linux/sysfs";
import { ConfigBytes } from "./config-bytes";
import type { Naming } from "./naming";
import { hex } from "./text";

export interface TreeOptions {
  readonly naming: Naming;
  /** `-tv`: what is no bridge has its name behind it. */
  readonly names: boolean;
  /** Others are left out, unless they lead to one of these. */
  readonly chosen: ReadonlySet<SysfsDevice>;
}

interface Tree extends TreeOptions {
  /** By the bus that they are on, `0000:00`. */
  readonly buses: ReadonlyMap<string, readonly SysfsDevice[]>;
}

const SECONDARY = 0x19;
const SUBORDINATE = 0x1a;
/** Header types: bridge, CardBus bridge. */
const BRIDGES = [1, 2];

export function formatTree(devices: readonly SysfsDevice[], options: TreeOptions): string {
  const tree: Tree = { ...options, buses: byBus(devices) };
  const roots = [...new Set(devices.filter(({ parent }) => parent === undefined).map(busOf))];
  const lines = roots.flatMap((bus, index) => {
    const joint = roots.length === 1 ? "" : index === roots.length - 1 ? "\\-" : "+-";
    return isShown(tree, bus) ? busLines(tree, { prefix: `-${joint}[${bus}]-`, bus }) : [];
  });
  if (!lines.length) return "-\n";
  return lines
    .map((line, index) => `${roots.length > 1 && index ? line.replace(/^-/, " ") : line}\n`)
    .join("");
}

function busOf({ name }: SysfsDevice): string {
  return name.slice(0, -5);
}

function byBus(devices: readonly SysfsDevice[]): ReadonlyMap<string, readonly SysfsDevice[]> {
  const buses = new Map<string, SysfsDevice[]>();
  for (const device of devices) buses.set(busOf(device), [...(buses.get(busOf(device)) ?? []), device]);
  return buses;
}

function isShown(tree: Tree, bus: string): boolean {
  return (tree.buses.get(bus) ?? []).some((device) => leadsToChosen(tree, device));
}

function leadsToChosen(tree: Tree, device: SysfsDevice): boolean {
  if (tree.chosen.has(device)) return true;
  return [...tree.chosen].some((it) => isBelow(tree, { device: it, bridge: device }));
}

function isBelow(
  tree: Tree,
  { device, bridge }: { readonly device: SysfsDevice; readonly bridge: SysfsDevice },
): boolean {
  if (device.parent === undefined) return false;
  if (device.parent === bridge.name) return true;
  const above = [...tree.buses.values()].flat().find(({ name }) => name === device.parent);
  return above !== undefined && isBelow(tree, { device: above, bridge });
}

interface BusPlace {
  /** What stands before it in its first line. */
  readonly prefix: string;
  readonly bus: string;
}

function busLines(tree: Tree, { prefix, bus }: BusPlace): readonly string[] {
  const here = tree.buses.get(bus) ?? [];
  const shown = here.filter((device) => leadsToChosen(tree, device));
  const [first] = shown;
  if (!first) return [prefix];
  if (here.length === 1) return deviceLines(tree, first, `${prefix}--`);
  return shown.flatMap((device, index) => {
    const start = index === 0 ? prefix : blank(prefix);
    return deviceLines(tree, device, `${start}${device === here.at(-1) ? "\\-" : "+-"}`);
  });
}

/** A device; a bridge goes on with what is below it, whose further lines keep the place. */
function deviceLines(tree: Tree, device: SysfsDevice, prefix: string): readonly string[] {
  const label = `${prefix}${device.name.slice(-4)}`;
  const buses = busesBelow(device);
  if (!buses) return [tree.names ? `${label}  ${tree.naming.pair(device)}` : label];
  const [secondary, subordinate] = buses;
  const range = secondary === subordinate ? hex(secondary, 2) : `${hex(secondary, 2)}-${hex(subordinate, 2)}`;
  return busLines(tree, {
    prefix: `${label}-[${range}]--`,
    bus: `${device.name.slice(0, -7)}${hex(secondary, 2)}`,
  });
}

/** Of a bridge. */
function busesBelow({ config }: SysfsDevice): readonly [secondary: number, subordinate: number] | undefined {
  const bytes = new ConfigBytes(config);
  if (!BRIDGES.includes(bytes.byte(0x0e) & 0x7f)) return undefined;
  return [bytes.byte(SECONDARY), bytes.byte(SUBORDINATE)];
}

/** The line above continues where a branch follows; elsewhere there is nothing. */
function blank(prefix: string): string {
  return prefix.replace(/[^+|]/g, " ").replaceAll("+", "|");
}
