/**
 * A virtio entropy source (OASIS Virtual I/O Device 1.1, 4.1 and 5.4), modern only: vendor capabilities that say where
 * in BAR 4 each part lies, and the common configuration as a reset leaves it.
 * Not modelled: the status handshake, queues, notifications, the access by configuration space (4.1.4.8): a driver finds
 * the device and gets no further.
 */
import { RegisterBank } from "../core/register-bank";
import { defineRegisters, type Register } from "../core/register-map";
import { bankBar } from "../pci/bar";
import type { Capability } from "../pci/capabilities/capability";
import { Msix } from "../pci/capabilities/msix";
import { assemble, type Device, type DeviceParts } from "../pci/device";
import { PciFunction } from "../pci/function";

const VECTOR_BYTES = 4096;
const BAR_BYTES = 16 << 10;

// biome-ignore format: a table, as in the specification
export const virtioRegisters = defineRegisters({
  DEVICE_FEATURE_SELECT: { at: 0x00, width: 32, access: "ro", doc: "Which 32 feature bits are shown.", spec: "4.1.4.3" },
  DEVICE_FEATURE: { at: 0x04, width: 32, access: "ro", reset: 0x3000_0000, doc: "Features offered: event index, indirect descriptors.", spec: "4.1.4.3" },
  DRIVER_FEATURE_SELECT: { at: 0x08, width: 32, access: "ro", doc: "Which 32 feature bits are written.", spec: "4.1.4.3" },
  DRIVER_FEATURE: { at: 0x0c, width: 32, access: "ro", doc: "Features accepted.", spec: "4.1.4.3" },
  CONFIG_MSIX_VECTOR: { at: 0x10, width: 16, access: "ro", reset: 0xffff, doc: "Vector of configuration changes.", spec: "4.1.4.3" },
  NUM_QUEUES: { at: 0x12, width: 16, access: "ro", reset: 1, doc: "Queues.", spec: "4.1.4.3" },
  DEVICE_STATUS: { at: 0x14, width: 8, access: "ro", doc: "How far the driver is.", spec: "2.1" },
  CONFIG_GENERATION: { at: 0x15, width: 8, access: "ro", doc: "Changes with the configuration.", spec: "4.1.4.3" },
});

const IDS = {
  vendor: 0x1af4,
  device: 0x1044,
  revision: 1,
  classCode: 0x00ff00,
  subsystemVendor: 0x1af4,
  subsystem: 0x1100,
} as const;

export function virtioRng({ arena, name, quirks }: DeviceParts): Device {
  const msix = new Msix({ vectors: 2, table: { bar: 1, at: 0 }, pending: { bar: 1, at: 0x800 } });
  const vectors = msix.bank(arena, { name: `${name}-msix`, size: VECTOR_BYTES });
  const bank = new RegisterBank(arena, { name, map: virtioRegisters, size: BAR_BYTES, blank: 0 });
  const fn = new PciFunction(arena, {
    name,
    ids: IDS,
    quirks,
    interruptPin: 1,
    openConfiguration: quirks.on,
    msix,
    bars: [bankBar(1, "mem32", vectors), { ...bankBar(4, "mem64", bank), prefetchable: true }],
    capabilities: [msix.capability(0x98), ...parts()],
  });
  return assemble(fn, [bank, vectors]);
}

interface Part {
  readonly name: string;
  readonly type: number;
  readonly bar?: number;
  readonly offset?: number;
  readonly length?: number;
  /** Words that follow: a multiplier, a data window. */
  readonly more?: readonly Register[];
}

function parts(): readonly Capability[] {
  const region = { bar: 4, length: 0x1000 };
  return [
    part(0x84, {
      name: "VIRTIO_PCI",
      type: 5,
      more: [{ at: 0x94, width: 32, access: "rw", doc: "Data of the access." }],
    }),
    part(0x70, {
      name: "VIRTIO_NOTIFY",
      type: 2,
      ...region,
      offset: 0x3000,
      more: [{ at: 0x80, width: 32, access: "ro", reset: 4, doc: "Bytes between notification addresses." }],
    }),
    part(0x60, { name: "VIRTIO_DEVICE", type: 4, ...region, offset: 0x2000 }),
    part(0x50, { name: "VIRTIO_ISR", type: 3, ...region, offset: 0x1000 }),
    part(0x40, { name: "VIRTIO_COMMON", type: 1, ...region, offset: 0 }),
  ];
}

// biome-ignore format: a table, as in the specification
function part(at: number, { name, type, bar = 0, offset = 0, length = 0, more = [] }: Part): Capability {
  const access = type === 5 ? "rw" : "ro";
  return { id: 0x09, name, at, registers: {
    [`${name}_LENGTH`]: { at: at + 2, width: 8, access: "ro", reset: 16 + more.length * 4, doc: "Bytes of the capability.", spec: "4.1.4" },
    [`${name}_TYPE`]: { at: at + 3, width: 8, access: "ro", reset: type, doc: "Which part of the device.", spec: "4.1.4" },
    [`${name}_BAR`]: { at: at + 4, width: 8, access, reset: bar, doc: "Where it lies: BAR.", spec: "4.1.4" },
    [`${name}_PADDING`]: { at: at + 5, width: 8, access: "ro", doc: "Zero." },
    [`${name}_PADDING_2`]: { at: at + 6, width: 16, access: "ro", doc: "Zero." },
    [`${name}_OFFSET`]: { at: at + 8, width: 32, access, reset: offset, doc: "Offset in the BAR.", spec: "4.1.4" },
    [`${name}_BYTES`]: { at: at + 12, width: 32, access, reset: length, doc: "Bytes.", spec: "4.1.4" },
    ...Object.fromEntries(more.map((register) => [`${name}_MORE`, register])),
  } };
}
