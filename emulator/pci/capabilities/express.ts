/**
 * PCI Express capability (PCIe Base Specification 7.5.3), version 2: what Linux reads to know a port.
 * Not modelled: link training, slot events, ASPM; their registers read as a link that is up at 2.5 GT/s, width 1.
 */
import type { Capability } from "./capability";

export const EXPRESS_ID = 0x10;

/** Device/Port type, PCIe 7.5.3.2. */
export const PORT_TYPE = {
  endpoint: 0x0,
  "root-port": 0x4,
  upstream: 0x5,
  downstream: 0x6,
  "root-endpoint": 0x9,
} as const;
export type PortType = keyof typeof PORT_TYPE;

// biome-ignore format: a table, as in the specification
export function express(at: number, { type, slot = 0 }: { type: PortType; slot?: number }): Capability {
  const flags = 2 | (PORT_TYPE[type] << 4) | (slot ? 0x100 : 0);
  return { id: EXPRESS_ID, name: "EXP", at, registers: {
    EXP_FLAGS: { at: at + 2, width: 16, access: "ro", reset: flags, doc: "PCI Express capabilities.", spec: "PCIe 7.5.3.2", fields: {
      VERS: { bits: [3, 0], doc: "Capability version." },
      TYPE: { bits: [7, 4], doc: "Device/Port type.", values: { Endpoint: 0, "Root Port": 4, Upstream: 5, Downstream: 6, "Root Complex Integrated Endpoint": 9 } },
      SLOT: { bits: 8, doc: "The port is connected to a slot." },
    } },
    EXP_DEVCAP: { at: at + 4, width: 32, access: "ro", reset: 0x8000, doc: "Device capabilities.", spec: "PCIe 7.5.3.3" },
    EXP_DEVCTL: { at: at + 8, width: 16, access: "ro", doc: "Device control.", spec: "PCIe 7.5.3.4", fields: {
      REPORTING: { bits: [3, 0], access: "rw", doc: "Which errors are reported." },
      PAYLOAD: { bits: [7, 5], access: "rw", doc: "Max_Payload_Size." },
    } },
    EXP_DEVSTA: { at: at + 10, width: 16, access: "w1c", doc: "Device status.", spec: "PCIe 7.5.3.5", fields: {
      CED: { bits: 0, doc: "Correctable error detected." },
      NFED: { bits: 1, doc: "Non-fatal error detected." },
      FED: { bits: 2, doc: "Fatal error detected." },
      URD: { bits: 3, doc: "Unsupported request detected." },
    } },
    EXP_LNKCAP: { at: at + 12, width: 32, access: "ro", reset: 0x11 | (slot << 24), doc: "Link capabilities.", spec: "PCIe 7.5.3.6" },
    EXP_LNKCTL: { at: at + 16, width: 16, access: "ro", doc: "Link control.", spec: "PCIe 7.5.3.7" },
    EXP_LNKSTA: { at: at + 18, width: 16, access: "ro", reset: 0x2011, doc: "Link status.", spec: "PCIe 7.5.3.8" },
    EXP_SLTCAP: { at: at + 20, width: 32, access: "ro", reset: slot ? (slot << 19) | 0x60 : 0, doc: "Slot capabilities.", spec: "PCIe 7.5.3.9", fields: {
      HPS: { bits: 5, doc: "Surprise removal is possible." },
      HPC: { bits: 6, doc: "Hot-plug capable." },
      PSN: { bits: [31, 19], doc: "Physical slot number." },
    } },
    EXP_SLTCTL: { at: at + 24, width: 16, access: "ro", doc: "Slot control.", spec: "PCIe 7.5.3.10" },
    EXP_SLTSTA: { at: at + 26, width: 16, access: "ro", reset: slot ? 0x40 : 0, doc: "Slot status.", spec: "PCIe 7.5.3.11", fields: {
      PDS: { bits: 6, doc: "A card is present." },
    } },
  } };
}
