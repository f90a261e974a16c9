/**
 * Message Signalled Interrupts (PCIe Base Specification 7.7.1): one vector, 64-bit address, no mask bits.
 * Not modelled: several vectors, per-vector masking.
 */
import type { RegisterFile } from "../../core/register-file";
import type { Capability } from "./capability";

export const MSI_ID = 0x05;

// biome-ignore format: a table, as in the specification
export function msi(at: number): Capability {
  return { id: MSI_ID, name: "MSI", at, registers: {
    MSI_FLAGS: { at: at + 2, width: 16, access: "ro", reset: 0x80, doc: "Message control.", spec: "PCIe 7.7.1.2", fields: {
      ENABLE: { bits: 0, access: "rw", doc: "Interrupts are messages; INTx is not used." },
      QMASK: { bits: [3, 1], doc: "Vectors it can send, log 2." },
      QSIZE: { bits: [6, 4], doc: "Vectors it may send, log 2." },
      "64BIT": { bits: 7, doc: "The address has 64 bits." },
    } },
    MSI_ADDRESS_LO: { at: at + 4, width: 32, access: "ro", doc: "Where the message is written.", spec: "PCIe 7.7.1.3", fields: {
      ADDRESS: { bits: [31, 2], access: "rw", doc: "Bits 31:2." },
    } },
    MSI_ADDRESS_HI: { at: at + 8, width: 32, access: "rw", doc: "Address bits 63:32.", spec: "PCIe 7.7.1.4" },
    MSI_DATA_64: { at: at + 12, width: 16, access: "rw", doc: "What the message says.", spec: "PCIe 7.7.1.5" },
  } };
}

/** The message to send, or undefined while MSI is off or the function has none. */
export function msiMessage(
  config: RegisterFile,
): { readonly address: bigint; readonly data: number } | undefined {
  if (!config.map["MSI_FLAGS"] || !(config.value("MSI_FLAGS") & 1)) return undefined;
  return {
    address: config.get("MSI_ADDRESS_LO") | (config.get("MSI_ADDRESS_HI") << 32n),
    data: config.value("MSI_DATA_64"),
  };
}
