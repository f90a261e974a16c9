/**
 * Capabilities that are registers and nothing else: subsystem identifiers of bridges, serial number, access control,
 * ARI, latency tolerance, precision time, vendor-specific.
 * Not modelled: what ACS, LTR and PTM would change in the routing and timing of requests.
 */
import type { Register } from "../../core/register-map";
import type { Capability } from "./capability";

/** Subsystem ID and Subsystem Vendor ID of a bridge (PCIe 7.9.24). */
// biome-ignore format: a table, as in the specification
export function subsystem(at: number, { vendor, device }: { readonly vendor: number; readonly device: number }): Capability {
  return { id: 0x0d, name: "SSVID", at, registers: {
    SSVID_RESERVED: { at: at + 2, width: 16, access: "ro", doc: "Reserved." },
    SSVID_VENDOR: { at: at + 4, width: 16, access: "ro", reset: vendor, doc: "Who made the board." },
    SSVID_DEVICE: { at: at + 6, width: 16, access: "ro", reset: device, doc: "What board it is." },
  } };
}

/** Device Serial Number (PCIe 7.9.3): two words, low first. */
// biome-ignore format: a table, as in the specification
export function serialNumber(at: number, [low, high]: readonly [low: number, high: number]): Capability {
  return { id: 0x0003, name: "DSN", at, registers: {
    DSN_LOW: { at: at + 4, width: 32, access: "ro", reset: low, doc: "Serial number, low.", spec: "PCIe 7.9.3.2" },
    DSN_HIGH: { at: at + 8, width: 32, access: "ro", reset: high, doc: "Serial number, high.", spec: "PCIe 7.9.3.2" },
  } };
}

/** Access Control Services (PCIe 7.7.11). */
// biome-ignore format: a table, as in the specification
export function accessControl(at: number, offered: number): Capability {
  return { id: 0x000d, name: "ACS", at, registers: {
    ACS_CAP: { at: at + 4, width: 16, access: "ro", reset: offered, doc: "What it can do.", spec: "PCIe 7.7.11.2" },
    ACS_CTRL: { at: at + 6, width: 16, access: "ro", doc: "What it does.", spec: "PCIe 7.7.11.3", fields: controls(offered) },
  } };
}

/** Alternative Routing-ID Interpretation (PCIe 7.8.8): the next function of the device. */
// biome-ignore format: a table, as in the specification
export function alternativeRouting(at: number, { next = 0 }: { readonly next?: number } = {}): Capability {
  return { id: 0x000e, name: "ARI", at, registers: {
    ARI_CAP: { at: at + 4, width: 16, access: "ro", reset: next << 8, doc: "Next Function Number in the upper byte.", spec: "PCIe 7.8.8.2" },
    ARI_CTRL: { at: at + 6, width: 16, access: "ro", doc: "Function groups: none.", spec: "PCIe 7.8.8.3" },
  } };
}

/** Latency Tolerance Reporting (PCIe 7.8.2). */
// biome-ignore format: a table, as in the specification
export function latencyTolerance(at: number): Capability {
  return { id: 0x0018, name: "LTR", at, registers: {
    LTR_MAX_SNOOP: { at: at + 4, width: 16, access: "ro", doc: "Longest snooped latency.", spec: "PCIe 7.8.2.2", fields: { LATENCY: { bits: [12, 0], access: "rw", doc: "Value and scale." } } },
    LTR_MAX_NOSNOOP: { at: at + 6, width: 16, access: "ro", doc: "Longest latency without snooping.", spec: "PCIe 7.8.2.3", fields: { LATENCY: { bits: [12, 0], access: "rw", doc: "Value and scale." } } },
  } };
}

/** Precision Time Measurement (PCIe 7.9.15): a requester. */
// biome-ignore format: a table, as in the specification
export function precisionTime(at: number): Capability {
  return { id: 0x001f, name: "PTM", at, registers: {
    PTM_CAP: { at: at + 4, width: 32, access: "ro", reset: 1, doc: "Requester.", spec: "PCIe 7.9.15.2" },
    PTM_CTRL: { at: at + 8, width: 32, access: "ro", doc: "Control.", spec: "PCIe 7.9.15.3", fields: { ENABLE: { bits: 0, access: "rw", doc: "Measures." } } },
  } };
}

/** Vendor-specific (PCIe 7.9.4): `words` follow the length byte and the first, which is not a whole word. */
export function vendorSpecific(
  at: number,
  { bytes, name = "VNDR" }: { readonly bytes: readonly number[]; readonly name?: string },
): Capability {
  const registers: Record<string, Register> = {
    [`${name}_LENGTH`]: {
      at: at + 2,
      width: 8,
      access: "ro",
      reset: bytes.length + 3,
      doc: "Bytes of the capability.",
      spec: "PCIe 7.9.4",
    },
  };
  bytes.forEach((reset, index) => {
    registers[`${name}_${index}`] = {
      at: at + 3 + index,
      width: 8,
      access: "ro",
      reset,
      doc: "The vendor's own.",
    };
  });
  return { id: 0x09, name, at, registers };
}

function controls(offered: number): Readonly<Record<string, { bits: number; access: "rw"; doc: string }>> {
  const names = [
    "VALIDATION",
    "TRANSLATION",
    "REQUEST_REDIRECT",
    "COMPLETION_REDIRECT",
    "UPSTREAM",
    "EGRESS",
    "DIRECT",
  ];
  const present = names.map((name, bit) => [name, bit] as const).filter(([, bit]) => (offered >>> bit) & 1);
  return Object.fromEntries(
    present.map(([name, bit]) => [
      name,
      { bits: bit, access: "rw" as const, doc: name.toLowerCase().replace("_", " ") },
    ]),
  );
}
