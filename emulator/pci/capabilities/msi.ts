/**
 * Message Signalled Interrupts (PCIe Base Specification 7.7.1): up to 32 vectors in a power of two, a 32- or 64-bit
 * address, and mask and pending bits where the function has them.
 */
import type { RegisterFile } from "../../core/register-file";
import type { Register } from "../../core/register-map";
import { type ConfigLogic, type ConfigWrite, type FunctionSide, writtenTo } from "../place";
import type { Capability } from "./capability";

export const MSI_ID = 0x05;

export interface MsiOptions {
  /** A power of two, at most 32. */
  readonly vectors?: number;
  readonly wide?: boolean;
  readonly maskable?: boolean;
}

/** What is written where. */
export interface Message {
  readonly address: bigint;
  readonly data: number;
}

// biome-ignore format: a table, as in the specification
export function msi(at: number, { vectors = 1, wide = true, maskable = false }: MsiOptions = {}): Capability {
  const data = at + (wide ? 12 : 8);
  const control = (Math.log2(vectors) << 1) | (wide ? 0x80 : 0) | (maskable ? 0x100 : 0);
  const enabled = vectors > 1 ? "rw" : "ro";
  const registers: Record<string, Register> = {
    MSI_FLAGS: { at: at + 2, width: 16, access: "ro", reset: control, doc: "Message control.", spec: "PCIe 7.7.1.2", fields: {
      ENABLE: { bits: 0, access: "rw", doc: "Interrupts are messages; INTx is not used." },
      QMASK: { bits: [3, 1], doc: "Vectors it can send, log 2." },
      QSIZE: { bits: [6, 4], access: enabled, doc: "Vectors it may send, log 2." },
      "64BIT": { bits: 7, doc: "The address has 64 bits." },
      MASKBIT: { bits: 8, doc: "Each vector can be masked." },
    } },
    MSI_ADDRESS_LO: { at: at + 4, width: 32, access: "ro", doc: "Where the message is written.", spec: "PCIe 7.7.1.3", fields: {
      ADDRESS: { bits: [31, 2], access: "rw", doc: "Bits 31:2." },
    } },
  };
  if (wide) registers["MSI_ADDRESS_HI"] = { at: at + 8, width: 32, access: "rw", doc: "Address bits 63:32.", spec: "PCIe 7.7.1.4" };
  registers[wide ? "MSI_DATA_64" : "MSI_DATA_32"] = { at: data, width: 16, access: "rw", doc: "What the message says; its low bits become the vector.", spec: "PCIe 7.7.1.5" };
  if (maskable) {
    const bits = vectors === 32 ? 31 : vectors - 1;
    registers["MSI_MASK"] = { at: data + 4, width: 32, access: "ro", doc: "Vectors that are held back.", spec: "PCIe 7.7.1.7", fields: { MASK: { bits: [bits, 0], access: "rw", doc: "One bit a vector." } } };
    registers["MSI_PENDING"] = { at: data + 8, width: 32, access: "ro", doc: "Vectors that wait behind their mask.", spec: "PCIe 7.7.1.8" };
  }
  return { id: MSI_ID, name: "MSI", at, registers, ...(maskable && { logic: (fn: FunctionSide) => new MsiMask(fn) }) };
}

/** Unmasking sends what waited. */
class MsiMask implements ConfigLogic {
  readonly #fn: FunctionSide;

  constructor(fn: FunctionSide) {
    this.#fn = fn;
  }

  written(write: ConfigWrite): void {
    const { config } = this.#fn;
    const { MSI_MASK: mask, MSI_FLAGS: flags } = config.map;
    if (!mask || !flags || (!writtenTo(write, mask) && !writtenTo(write, flags))) return;
    const free = config.value("MSI_PENDING") & ~config.value("MSI_MASK");
    if (!free || !msiEnabled(config)) return;
    config.set("MSI_PENDING", config.value("MSI_PENDING") & ~free);
    for (let vector = 0; vector < 32; vector++) if ((free >>> vector) & 1) this.#fn.sendMessage(vector);
  }
}

export function msiEnabled(config: RegisterFile): boolean {
  return config.map["MSI_FLAGS"] !== undefined && (config.value("MSI_FLAGS") & 1) !== 0;
}

/** The message of a vector, "masked" once it is noted as pending, or undefined while MSI is off or missing. */
export function msiMessage(config: RegisterFile, vector = 0): Message | "masked" | undefined {
  if (!msiEnabled(config)) return undefined;
  const flags = config.value("MSI_FLAGS");
  const allowed = 1 << Math.min((flags >>> 4) & 7, (flags >>> 1) & 7);
  const sent = vector & (allowed - 1);
  if (flags & 0x100 && (config.value("MSI_MASK") >>> sent) & 1) {
    config.set("MSI_PENDING", (config.value("MSI_PENDING") | (1 << sent)) >>> 0);
    return "masked";
  }
  const wide = (flags & 0x80) !== 0;
  const data = config.value(wide ? "MSI_DATA_64" : "MSI_DATA_32");
  const high = wide ? config.get("MSI_ADDRESS_HI") << 32n : 0n;
  return { address: config.get("MSI_ADDRESS_LO") | high, data: (data & ~(allowed - 1)) | sent };
}
