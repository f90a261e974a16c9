/**
 * Configuration space headers as register maps (PCIe Base Specification 7.5.1). Names are Linux's, from
 * include/uapi/linux/pci_regs.h without `PCI_`.
 */
import { defineRegisters, type Register, type RegisterMap } from "../core/register-map";

export interface Ids {
  readonly vendor: number;
  readonly device: number;
  readonly revision: number;
  /** Base class, subclass and programming interface: 24 bits. */
  readonly classCode: number;
  readonly subsystemVendor?: number;
  readonly subsystem?: number;
}

interface HeaderOptions {
  readonly type: 0 | 1;
  /** 1 is INTA; 0: none. */
  readonly interruptPin: number;
  /** Offset of the first capability; 0: none. */
  readonly capabilities: number;
  /** The BARs, made by `bar.ts`. */
  readonly bars: RegisterMap;
  /** Bytes of the expansion ROM, a power of two; 0: none. */
  readonly rom: number;
  /** The bus below is a conventional one: Master Abort Mode is there. */
  readonly conventionalBelow: boolean;
  /** Secondary Latency Timer is stored: QEMU's quirk. */
  readonly secondaryLatency: boolean;
}

const COMMAND = {
  at: 0x04,
  width: 16,
  access: "ro",
  doc: "What the function may do.",
  spec: "PCIe 7.5.1.1.3",
  fields: {
    IO: { bits: 0, access: "rw", doc: "Decodes I/O space." },
    MEMORY: { bits: 1, access: "rw", doc: "Decodes memory space." },
    MASTER: { bits: 2, access: "rw", doc: "May send requests of its own: DMA and message interrupts." },
    PARITY: { bits: 6, access: "rw", doc: "Reacts to parity errors and poisoned packets." },
    SERR: { bits: 8, access: "rw", doc: "Reports errors upstream." },
    INTX_DISABLE: { bits: 10, access: "rw", doc: "Keeps the function from asserting INTx." },
  },
} as const;

const STATUS = {
  at: 0x06,
  width: 16,
  access: "w1c",
  doc: "What happened; errors are cleared by writing 1.",
  spec: "PCIe 7.5.1.1.4",
  fields: {
    INTERRUPT: { bits: 3, access: "ro", doc: "An INTx interrupt is pending inside the function." },
    CAP_LIST: { bits: 4, access: "ro", doc: "A list of capabilities exists." },
    PARITY: { bits: 8, doc: "Master Data Parity Error." },
    DEVSEL: { bits: [10, 9], access: "ro", doc: "DEVSEL timing (conventional PCI)." },
    SIG_TARGET_ABORT: { bits: 11, doc: "Completed a request with Completer Abort." },
    REC_TARGET_ABORT: { bits: 12, doc: "Received a completion with Completer Abort." },
    REC_MASTER_ABORT: { bits: 13, doc: "Received a completion with Unsupported Request." },
    SIG_SYSTEM_ERROR: { bits: 14, doc: "Sent an error message." },
    DETECTED_PARITY: { bits: 15, doc: "Received a poisoned packet." },
  },
} as const;

// biome-ignore format: a table, as in the specification
function common(ids: Ids, { type, capabilities }: HeaderOptions): RegisterMap {
  return {
    VENDOR_ID: { at: 0x00, width: 16, access: "ro", reset: ids.vendor, doc: "Who made it." },
    DEVICE_ID: { at: 0x02, width: 16, access: "ro", reset: ids.device, doc: "What it is." },
    COMMAND,
    STATUS: { ...STATUS, reset: capabilities ? 0x10 : 0 },
    REVISION_ID: { at: 0x08, width: 8, access: "ro", reset: ids.revision, doc: "Revision." },
    CLASS_PROG: { at: 0x09, width: 8, access: "ro", reset: ids.classCode & 0xff, doc: "Programming interface." },
    CLASS_DEVICE: { at: 0x0a, width: 16, access: "ro", reset: ids.classCode >>> 8, doc: "Base class and subclass." },
    CACHE_LINE_SIZE: { at: 0x0c, width: 8, access: "rw", doc: "Cache line in dwords; no effect in PCIe." },
    LATENCY_TIMER: { at: 0x0d, width: 8, access: "ro", doc: "Zero in PCIe." },
    HEADER_TYPE: { at: 0x0e, width: 8, access: "ro", reset: type, doc: "Layout, and whether there are more functions." },
    BIST: { at: 0x0f, width: 8, access: "ro", doc: "Built-in self test." },
  };
}

/** Expansion ROM base address (PCIe 7.5.1.2.4): sized like a BAR; bit 0 switches its decode on. */
function romRegister(at: number, bytes: number): Register {
  if (!bytes)
    return { at, width: 32, access: "ro", doc: "Expansion ROM base address; this function has none." };
  const address = {
    bits: [31, Math.max(11, Math.log2(bytes))] as const,
    access: "rw" as const,
    doc: "Base address.",
  };
  const enable = { bits: 0, access: "rw" as const, doc: "The ROM decodes." };
  return {
    at,
    width: 32,
    access: "ro",
    doc: "Expansion ROM base address.",
    spec: "PCIe 7.5.1.2.4",
    fields: { ENABLE: enable, ADDRESS: address },
  };
}

// biome-ignore format: a table, as in the specification
export function type0Header(ids: Ids, options: HeaderOptions): RegisterMap {
  return defineRegisters({
    ...common(ids, options),
    ...options.bars,
    CARDBUS_CIS: { at: 0x28, width: 32, access: "ro", doc: "CardBus CIS pointer." },
    SUBSYSTEM_VENDOR_ID: { at: 0x2c, width: 16, access: "ro", reset: ids.subsystemVendor ?? 0, doc: "Who made the card." },
    SUBSYSTEM_ID: { at: 0x2e, width: 16, access: "ro", reset: ids.subsystem ?? 0, doc: "What card it is." },
    ROM_ADDRESS: romRegister(0x30, options.rom),
    CAPABILITY_LIST: { at: 0x34, width: 8, access: "ro", reset: options.capabilities, doc: "Offset of the first capability." },
    INTERRUPT_LINE: { at: 0x3c, width: 8, access: "rw", doc: "Scratch for software: the routed interrupt." },
    INTERRUPT_PIN: { at: 0x3d, width: 8, access: "ro", reset: options.interruptPin, doc: "1 is INTA; 0: no INTx." },
    MIN_GNT: { at: 0x3e, width: 8, access: "ro", doc: "Zero in PCIe." },
    MAX_LAT: { at: 0x3f, width: 8, access: "ro", doc: "Zero in PCIe." },
  });
}

const window = (doc: string, low: number) => ({
  fields: {
    ADDRESS: { bits: [15, 4] as const, access: "rw" as const, doc },
    KIND: { bits: [3, 0] as const, doc: "Addressing." },
  },
  reset: low,
});
const ioWindow = (doc: string) => ({
  fields: {
    ADDRESS: { bits: [7, 4] as const, access: "rw" as const, doc },
    KIND: { bits: [3, 0] as const, doc: "0: 16-bit, 1: 32-bit." },
  },
});

// biome-ignore format: a table, as in the specification
export function type1Header(ids: Ids, options: HeaderOptions): RegisterMap {
  return defineRegisters({
    ...common(ids, options),
    ...options.bars,
    PRIMARY_BUS: { at: 0x18, width: 8, access: "rw", doc: "Bus above.", spec: "PCIe 7.5.1.3.2" },
    SECONDARY_BUS: { at: 0x19, width: 8, access: "rw", doc: "Bus below.", spec: "PCIe 7.5.1.3.3" },
    SUBORDINATE_BUS: { at: 0x1a, width: 8, access: "rw", doc: "Highest bus below.", spec: "PCIe 7.5.1.3.4" },
    SEC_LATENCY_TIMER: { at: 0x1b, width: 8, access: options.secondaryLatency ? "rw" : "ro", doc: "Zero in PCIe." },
    IO_BASE: { at: 0x1c, width: 8, access: "ro", doc: "I/O window, first 4 KiB block.", ...ioWindow("Address bits 15:12.") },
    IO_LIMIT: { at: 0x1d, width: 8, access: "ro", doc: "I/O window, last 4 KiB block.", ...ioWindow("Address bits 15:12.") },
    SEC_STATUS: { ...STATUS, at: 0x1e, doc: "What happened on the bus below." },
    MEMORY_BASE: { at: 0x20, width: 16, access: "ro", doc: "Memory window, first MiB.", ...window("Address bits 31:20.", 0) },
    MEMORY_LIMIT: { at: 0x22, width: 16, access: "ro", doc: "Memory window, last MiB.", ...window("Address bits 31:20.", 0) },
    PREF_MEMORY_BASE: { at: 0x24, width: 16, access: "ro", doc: "Prefetchable window, first MiB.", ...window("Address bits 31:20.", 1) },
    PREF_MEMORY_LIMIT: { at: 0x26, width: 16, access: "ro", doc: "Prefetchable window, last MiB.", ...window("Address bits 31:20.", 1) },
    PREF_BASE_UPPER32: { at: 0x28, width: 32, access: "rw", doc: "Prefetchable base, bits 63:32." },
    PREF_LIMIT_UPPER32: { at: 0x2c, width: 32, access: "rw", doc: "Prefetchable limit, bits 63:32." },
    IO_BASE_UPPER16: { at: 0x30, width: 16, access: "ro", doc: "I/O base, bits 31:16." },
    IO_LIMIT_UPPER16: { at: 0x32, width: 16, access: "ro", doc: "I/O limit, bits 31:16." },
    CAPABILITY_LIST: { at: 0x34, width: 8, access: "ro", reset: options.capabilities, doc: "Offset of the first capability." },
    ROM_ADDRESS1: romRegister(0x38, options.rom),
    INTERRUPT_LINE: { at: 0x3c, width: 8, access: "rw", doc: "Scratch for software: the routed interrupt." },
    INTERRUPT_PIN: { at: 0x3d, width: 8, access: "ro", reset: options.interruptPin, doc: "1 is INTA; 0: no INTx." },
    BRIDGE_CONTROL: { at: 0x3e, width: 16, access: "ro", doc: "How it forwards.", spec: "PCIe 7.5.1.3.13", fields: {
      PARITY: { bits: 0, access: "rw", doc: "Parity error response on the bus below." },
      SERR: { bits: 1, access: "rw", doc: "Forwards error messages." },
      ISA: { bits: 2, access: "rw", doc: "Forwards only the first 256 bytes of each KiB of I/O." },
      VGA: { bits: 3, access: "rw", doc: "Forwards the VGA ranges." },
      VGA16: { bits: 4, access: "rw", doc: "The VGA ranges of I/O are decoded with 16 bits." },
      MASTER_ABORT: { bits: 5, access: options.conventionalBelow ? "rw" : "ro", doc: "A master abort on the bus below is an error; else reads give ones and writes are lost." },
      BUS_RESET: { bits: 6, access: "rw", doc: "Resets everything below." },
    } },
  });
}
