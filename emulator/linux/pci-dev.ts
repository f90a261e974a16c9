/** Linux's view of the bus: what enumeration found (include/linux/pci.h). */
import { digits } from "../core/hex";
import { type Bdf, formatBdf } from "../pci/bdf";
import type { Resource } from "./resource";

/** Indices of `resource`: BARs 0 to 5, the ROM, and a bridge's windows. */
export const PCI_ROM_RESOURCE = 6;
/** The BARs of virtual functions. */
export const PCI_IOV_RESOURCES = 7;
export const PCI_BRIDGE_RESOURCES = 13;
export const BRIDGE_IO = 13;
export const BRIDGE_MEMORY = 14;
export const BRIDGE_PREFETCHABLE = 15;

export interface PciBus {
  readonly segment: number;
  readonly number: number;
  /** The highest bus below. */
  subordinate: number;
  readonly parent: PciBus | undefined;
  /** The bridge above. */
  readonly self: PciDev | undefined;
  readonly devices: PciDev[];
  /** What devices on it can be given: the root's windows, or the bridge's. */
  readonly resources: Resource[];
  /** Functions are listed by the device, up to 256; undefined where nobody may ask for that. */
  ari: boolean | undefined;
  /** Its functions were looked for once. */
  scanned: boolean;
  /** Its functions can show more than 256 bytes of configuration space. */
  readonly extended: boolean;
}

export interface PciDev {
  readonly bdf: Bdf;
  /** `0000:01:00.0` */
  readonly name: string;
  readonly bus: PciBus;
  readonly vendor: number;
  readonly device: number;
  readonly subsystemVendor: number;
  readonly subsystemDevice: number;
  /** 24 bits. */
  readonly class: number;
  readonly revision: number;
  /** Endpoint, bridge, CardBus bridge. */
  readonly header: 0 | 1 | 2;
  readonly isBridge: boolean;
  /** A slot that can take a card at run time gets room in advance. */
  readonly isHotplugBridge: boolean;
  /** It forwards what nobody else claims: devices below can also be placed in the windows above. */
  readonly isTransparent: boolean;
  /** By index; holes where the device has no such resource. */
  readonly resource: (Resource | undefined)[];
  /** Of a bridge: the flags of each window it has, by index. A window that nobody needs loses its flags for a while. */
  readonly windowFlags: Readonly<Record<number, number>>;
  subordinate: PciBus | undefined;
  /** A driver has switched it on. */
  enabled: boolean;
  irq: number;
}

/** `BAR 0`, `ROM`, `bridge window`: how log lines call a resource. */
export function resourceName(index: number): string {
  if (index === PCI_ROM_RESOURCE) return "ROM";
  if (isIov(index)) return `VF BAR ${index - PCI_IOV_RESOURCES}`;
  return index >= PCI_BRIDGE_RESOURCES ? "bridge window" : `BAR ${index}`;
}

export function isIov(index: number): boolean {
  return index >= PCI_IOV_RESOURCES && index < PCI_BRIDGE_RESOURCES;
}

/** `0000:01`, as in `PCI Bus 0000:01`. */
export function busName(segment: number, number: number): string {
  return formatBdf({ segment, bus: number, device: 0, function: 0 }).slice(0, -5);
}

/** `[bus 01]`, `[bus 02-05]`: the buses from one on. */
export function span({ number, subordinate }: Pick<PciBus, "number" | "subordinate">): string {
  const last = subordinate === number ? "" : `-${digits(subordinate, 2)}`;
  return `[bus ${digits(number, 2)}${last}]`;
}

/** All devices at or below a bus, depth first in the order of enumeration. */
export function* devicesBelow(bus: PciBus): Generator<PciDev> {
  for (const dev of bus.devices) {
    yield dev;
    if (dev.subordinate) yield* devicesBelow(dev.subordinate);
  }
}
