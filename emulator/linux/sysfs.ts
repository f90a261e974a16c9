/** What sysfs says of a device: /sys/bus/pci/devices/BDF (drivers/pci/pci-sysfs.c). */
import { formatBdf } from "../pci/bdf";
import type { Kernel } from "./kernel";
import type { PciDev } from "./pci-dev";
import { IORESOURCE, type Resource } from "./resource";

/** BARs, ROM and the six of SR-IOV; a bridge has four windows more. */
const LINES = { endpoint: 13, bridge: 17 } as const;
/** Kept to itself by the kernel once a resource has a place. */
const INTERNAL = IORESOURCE.UNSET | IORESOURCE.STARTALIGN | IORESOURCE.BUSY;

const STATUS = 6;
const HAS_LIST = 0x10;
const FIRST_CAPABILITY = 0x34;
const MOST_CAPABILITIES = 48;
const SUBSYSTEM_ID = 0x0d;
const CARDBUS = 2;
const CARDBUS_SUBSYSTEM = 0x40;

/** The files of one device. */
export interface SysfsDevice {
  /** `0000:01:00.0` */
  readonly name: string;
  /** `config`: 256 or 4096 bytes. */
  readonly config: Uint8Array;
  readonly resource: readonly SysfsResource[];
  readonly irq: number;
  readonly vendor: number;
  readonly device: number;
  readonly subsystemVendor: number;
  readonly subsystemDevice: number;
  /** 24 bits. */
  readonly class: number;
  readonly revision: number;
  /** Where the link `driver` leads. */
  readonly driver?: string;
  /** The bridge above. */
  readonly parent?: string;
}

/** A line of `resource`; of what has no place all zeros. */
export interface SysfsResource {
  readonly start: number;
  readonly end: number;
  readonly flags: number;
}

/** All devices by address, as they are now. Looking changes nothing. */
export function sysfsDevices(kernel: Kernel): readonly SysfsDevice[] {
  const states = new Map(kernel.state().functions.map((it) => [it.bdf, it]));
  return kernel.devices
    .map((dev) => {
      const { parent, driver } = states.get(dev.name) ?? {};
      const config = configBytes(kernel, dev);
      return {
        name: dev.name,
        config,
        resource: resourcesOf(dev),
        irq: dev.irq,
        vendor: dev.vendor,
        device: dev.device,
        ...subsystemOf(dev, new DataView(config.buffer)),
        class: dev.class,
        revision: dev.revision,
        ...(driver && { driver }),
        ...(parent && { parent }),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function configBytes({ machine }: Kernel, { bdf }: PciDev): Uint8Array {
  const fn = machine.root.functionAt(bdf);
  if (!fn) throw new Error(`${formatBdf(bdf)} does not answer: rescan the bus`);
  return Uint8Array.from({ length: fn.config.size }, (_, at) => fn.configPeek(at, 1));
}

/** Of a bridge: what its capability says (PCI-to-PCI Bridge Architecture 1.2, 3.2.5; probe.c, pci_setup_device). */
function subsystemOf(
  dev: PciDev,
  config: DataView,
): Pick<SysfsDevice, "subsystemVendor" | "subsystemDevice"> {
  if (dev.header === CARDBUS)
    return {
      subsystemVendor: config.getUint16(CARDBUS_SUBSYSTEM, true),
      subsystemDevice: config.getUint16(CARDBUS_SUBSYSTEM + 2, true),
    };
  if (!dev.isBridge) return { subsystemVendor: dev.subsystemVendor, subsystemDevice: dev.subsystemDevice };
  const at = findCapability(config, SUBSYSTEM_ID);
  if (!at) return { subsystemVendor: 0, subsystemDevice: 0 };
  return { subsystemVendor: config.getUint16(at + 4, true), subsystemDevice: config.getUint16(at + 6, true) };
}

/** Offset, or 0. */
function findCapability(config: DataView, id: number): number {
  if (!(config.getUint16(STATUS, true) & HAS_LIST)) return 0;
  let at = config.getUint8(FIRST_CAPABILITY) & ~3;
  for (let left = MOST_CAPABILITIES; at && left > 0; left--) {
    if (config.getUint8(at) === id) return at;
    at = config.getUint8(at + 1) & ~3;
  }
  return 0;
}

/** The text of `resource`. */
export function resourceText(dev: PciDev): string {
  return resourcesOf(dev).map(resourceLine).join("");
}

export function resourceLine({ start, end, flags }: SysfsResource): string {
  return `${[start, end, flags].map((value) => `0x${value.toString(16).padStart(16, "0")}`).join(" ")}\n`;
}

function resourcesOf(dev: PciDev): readonly SysfsResource[] {
  const count = dev.isBridge ? LINES.bridge : LINES.endpoint;
  return Array.from({ length: count }, (_, index) => shown(dev.resource[index]));
}

/** What has no place shows as nothing at all. */
function shown(resource: Resource | undefined): SysfsResource {
  if (!resource?.parent && !resource?.has(IORESOURCE.PCI_FIXED)) return { start: 0, end: 0, flags: 0 };
  return { start: resource.start, end: resource.end, flags: resource.flags & ~INTERNAL };
}
