/**
 * PCI Express capability (PCIe Base Specification 7.5.3): what software reads to know a port, its link and its slot.
 * Not modelled: the time that link training and the states of ASPM take, payload sizes beyond 128 bytes (hard-wired, as
 * 7.5.3.4 permits), completion timeout ranges.
 */
import type { Register } from "../../core/register-map";
import { type ConfigLogic, type ConfigWrite, type FunctionSide, writtenTo } from "../place";
import type { Capability } from "./capability";
import { type SlotOptions, slotRegisters } from "./slot-registers";

export const EXPRESS_ID = 0x10;

/** Device/Port type, PCIe 7.5.3.2. */
export const PORT_TYPE = {
  endpoint: 0x0,
  "root-port": 0x4,
  upstream: 0x5,
  downstream: 0x6,
  "pci-bridge": 0x7,
  "root-endpoint": 0x9,
} as const;
export type PortType = keyof typeof PORT_TYPE;

export interface ExpressOptions {
  readonly type: PortType;
  /** Version 1 ends with the link's registers. */
  readonly version?: 1 | 2;
  readonly slot?: SlotOptions;
  /** Link Capabilities and Link Status as the card comes. */
  readonly link?: { readonly capabilities: number; readonly status: number };
  /** Function Level Reset is there. */
  readonly functionReset?: boolean;
  /** Device Control has its four enables; without, it is QEMU's quirk. */
  readonly reporting?: boolean;
  /** Software can see that a function asks for a retry (root ports, 7.5.3.13). */
  readonly retryVisible?: boolean;
  /** ARI Forwarding can be enabled (ports). */
  readonly ariForwarding?: boolean;
  /** The supported speeds, and the speed to aim at (Link Capabilities 2, Link Control 2). */
  readonly speeds?: { readonly supported: number; readonly target: number };
}

const UP = { capabilities: 0x11, status: 0x2011 } as const;
/** 2.5 GT/s on one lane, L0s; it does not say whether it is active. */
export const ONE_LANE = { capabilities: 0x411, status: 0x11 } as const;
const FUNCTION_RESET = 0x8000;
const TLP_PREFIXES = 0x0030_0000;

// biome-ignore format: a table, as in the specification
function first(at: number, options: ExpressOptions): Record<string, Register> {
  const { type, version = 2, slot, link = UP, functionReset = false, reporting = true } = options;
  const flags = version | (PORT_TYPE[type] << 4) | (slot ? 0x100 : 0);
  const enables = reporting ? "rw" as const : "ro" as const;
  return {
    EXP_FLAGS: { at: at + 2, width: 16, access: "ro", reset: flags, doc: "PCI Express capabilities.", spec: "PCIe 7.5.3.2", fields: {
      VERS: { bits: [3, 0], doc: "Capability version." },
      TYPE: { bits: [7, 4], doc: "Device/Port type.", values: { Endpoint: 0, "Root Port": 4, Upstream: 5, Downstream: 6, "PCIe-to-PCI Bridge": 7, "Root Complex Integrated Endpoint": 9 } },
      SLOT: { bits: 8, doc: "The port is connected to a slot." },
      IRQ: { bits: [13, 9], doc: "Vector of the port's own interrupts." },
    } },
    EXP_DEVCAP: { at: at + 4, width: 32, access: "ro", reset: 0x8000 | (functionReset ? 1 << 28 : 0), doc: "Device capabilities.", spec: "PCIe 7.5.3.3", fields: {
      PAYLOAD: { bits: [2, 0], doc: "Max_Payload_Size it can take, 128 bytes shifted." },
      RBER: { bits: 15, doc: "Reports errors by their role (1.1 and later)." },
      FLR: { bits: 28, doc: "Function Level Reset." },
    } },
    EXP_DEVCTL: { at: at + 8, width: 16, access: "ro", doc: "Device control.", spec: "PCIe 7.5.3.4", fields: {
      CERE: { bits: 0, access: enables, doc: "Reports correctable errors." },
      NFERE: { bits: 1, access: enables, doc: "Reports non-fatal errors." },
      FERE: { bits: 2, access: enables, doc: "Reports fatal errors." },
      URRE: { bits: 3, access: enables, doc: "Reports unsupported requests." },
      PAYLOAD: { bits: [7, 5], doc: "Max_Payload_Size: 128 bytes." },
      BCR_FLR: { bits: 15, access: functionReset ? "wo" : "ro", doc: "Writing 1 resets the function; reads 0." },
    } },
    EXP_DEVSTA: { at: at + 10, width: 16, access: "w1c", doc: "Device status.", spec: "PCIe 7.5.3.5", fields: {
      CED: { bits: 0, access: enables === "rw" ? "w1c" : "ro", doc: "Correctable error detected." },
      NFED: { bits: 1, access: enables === "rw" ? "w1c" : "ro", doc: "Non-fatal error detected." },
      FED: { bits: 2, access: enables === "rw" ? "w1c" : "ro", doc: "Fatal error detected." },
      URD: { bits: 3, access: enables === "rw" ? "w1c" : "ro", doc: "Unsupported request detected." },
      TRPND: { bits: 5, access: "ro", doc: "Non-posted requests are outstanding." },
    } },
    ...linkRegisters(at, type, link),
  };
}

export function express(at: number, options: ExpressOptions): Capability {
  const { version = 2, slot, functionReset = false, reporting = true } = options;
  const registers = first(at, options);
  if (version === 2)
    Object.assign(registers, slotRegisters(at, slot), rootRegisters(at, options), second(at, options));
  return {
    id: EXPRESS_ID,
    name: "EXP",
    at,
    registers,
    logic: (fn) => new DeviceAndLinkControl(fn, functionReset),
    ...(!reporting && { quirks: { [at + 8]: "COMPLETER_UNREPORTED" as const } }),
  };
}

// biome-ignore format: a table, as in the specification
function linkRegisters(at: number, type: PortType, link: NonNullable<ExpressOptions["link"]>): Readonly<Record<string, Register>> {
  const begins = type === "root-port" || type === "downstream" ? "rw" as const : "ro" as const;
  const ends = type === "endpoint" || type === "pci-bridge" ? "rw" as const : "ro" as const;
  return {
    EXP_LNKCAP: { at: at + 12, width: 32, access: "ro", reset: link.capabilities, doc: "Link capabilities.", spec: "PCIe 7.5.3.6", fields: {
      SPEED: { bits: [3, 0], doc: "Highest speed." },
      WIDTH: { bits: [9, 4], doc: "Most lanes." },
      DLLLARC: { bits: 20, doc: "Says whether the link is active." },
    } },
    EXP_LNKCTL: { at: at + 16, width: 16, access: "ro", doc: "Link control.", spec: "PCIe 7.5.3.7", fields: {
      ASPMC: { bits: [1, 0], access: "rw", doc: "Active State Power Management: states the link may enter.", values: { off: 0, L0s: 1, L1: 2, both: 3 } },
      RCB: { bits: 3, access: ends, doc: "Read Completion Boundary: 128 bytes instead of 64." },
      LD: { bits: 4, access: begins, doc: "The link below is down." },
      RL: { bits: 5, access: begins === "rw" ? "wo" : "ro", doc: "Writing 1 trains the link anew; reads 0." },
      CCC: { bits: 6, access: "rw", doc: "Both ends have one reference clock." },
      ES: { bits: 7, access: "rw", doc: "Longer synchronization." },
    } },
    EXP_LNKSTA: { at: at + 18, width: 16, access: "ro", reset: link.status, doc: "Link status.", spec: "PCIe 7.5.3.8", fields: {
      SPEED: { bits: [3, 0], doc: "Speed." },
      WIDTH: { bits: [9, 4], doc: "Lanes." },
      DLLLA: { bits: 13, doc: "The link is active." },
    } },
  };
}

// biome-ignore format: a table, as in the specification
function rootRegisters(at: number, { type, retryVisible = false }: ExpressOptions): Readonly<Record<string, Register>> {
  const access = type === "root-port" ? "rw" as const : "ro" as const;
  return {
    EXP_RTCTL: { at: at + 28, width: 16, access: "ro", doc: "Root control.", spec: "PCIe 7.5.3.12", fields: {
      SECEE: { bits: 0, access, doc: "System error on correctable errors." },
      SENFEE: { bits: 1, access, doc: "System error on non-fatal errors." },
      SEFEE: { bits: 2, access, doc: "System error on fatal errors." },
      CRSSVE: { bits: 4, access: retryVisible ? "rw" : "ro", doc: "A function that asks for a retry reads as vendor 0001h." },
    } },
    EXP_RTCAP: { at: at + 30, width: 16, access: "ro", reset: retryVisible ? 1 : 0, doc: "Root capabilities.", spec: "PCIe 7.5.3.13", fields: {
      CRSVIS: { bits: 0, doc: "Software can be let see that a function asks for a retry." },
    } },
    EXP_RTSTA: { at: at + 32, width: 32, access: "ro", doc: "Root status: PME.", spec: "PCIe 7.5.3.14" },
  };
}

// biome-ignore format: a table, as in the specification
function second(at: number, { ariForwarding = false, speeds = { supported: 0, target: 0 } }: ExpressOptions): Readonly<Record<string, Register>> {
  return {
    EXP_DEVCAP2: { at: at + 36, width: 32, access: "ro", reset: TLP_PREFIXES | (ariForwarding ? 0x20 : 0), doc: "Device capabilities 2.", spec: "PCIe 7.5.3.15", fields: {
      ARI: { bits: 5, doc: "ARI Forwarding can be enabled." },
      LTR: { bits: 11, doc: "Latency Tolerance Reporting." },
      EETLPP: { bits: 21, doc: "End-End TLP Prefixes." },
    } },
    EXP_DEVCTL2: { at: at + 40, width: 16, access: "ro", doc: "Device control 2.", spec: "PCIe 7.5.3.16", fields: {
      ARI: { bits: 5, access: ariForwarding ? "rw" : "ro", doc: "Forwards to device numbers other than 0 as functions 8 and up." },
      EETLPPB: { bits: 15, access: "rw", doc: "Blocks End-End TLP Prefixes." },
    } },
    EXP_DEVSTA2: { at: at + 42, width: 16, access: "ro", doc: "Device status 2.", spec: "PCIe 7.5.3.17" },
    EXP_LNKCAP2: { at: at + 44, width: 32, access: "ro", reset: speeds.supported, doc: "Link capabilities 2.", spec: "PCIe 7.5.3.18" },
    EXP_LNKCTL2: { at: at + 48, width: 16, access: "ro", reset: speeds.target, doc: "Link control 2.", spec: "PCIe 7.5.3.19" },
    EXP_LNKSTA2: { at: at + 50, width: 16, access: "ro", doc: "Link status 2.", spec: "PCIe 7.5.3.20" },
    EXP_SLTCAP2: { at: at + 52, width: 32, access: "ro", doc: "Slot capabilities 2.", spec: "PCIe 7.5.3.21" },
    EXP_SLTCTL2: { at: at + 56, width: 16, access: "ro", doc: "Slot control 2.", spec: "PCIe 7.5.3.22" },
    EXP_SLTSTA2: { at: at + 58, width: 16, access: "ro", doc: "Slot status 2.", spec: "PCIe 7.5.3.23" },
  };
}

class DeviceAndLinkControl implements ConfigLogic {
  readonly #fn: FunctionSide;
  readonly #functionReset: boolean;

  constructor(fn: FunctionSide, functionReset: boolean) {
    this.#fn = fn;
    this.#functionReset = functionReset;
  }

  /** An endpoint on a root bus is integrated into the root complex (PCIe 1.3.2.3). */
  reset(): void {
    const { config, place } = this.#fn;
    const flags = config.value("EXP_FLAGS");
    if (place && !place.bus.bridge && ((flags >>> 4) & 15) === PORT_TYPE.endpoint)
      config.set("EXP_FLAGS", flags | (PORT_TYPE["root-endpoint"] << 4));
  }

  written(write: ConfigWrite): void {
    const { EXP_DEVCTL: device, EXP_LNKCTL: link } = this.#fn.config.map;
    if (link && writtenTo(write, link)) this.#dropAsQemu(write);
    if (device && writtenTo(write, device)) this.#resetFunction(write);
  }

  /** Initiate Function Level Reset (PCIe 6.6.2): at once; hardware has 100 ms for it. */
  #resetFunction({ lanes, value }: ConfigWrite): void {
    if (this.#functionReset && lanes & value & FUNCTION_RESET) this.#fn.resetBy("function");
  }

  #dropAsQemu({ at, old }: ConfigWrite): void {
    const { config, quirks } = this.#fn;
    if (config.word(at) !== old && quirks.take("LINK_CONTROL_READ_ONLY")) config.setWord(at, old);
  }
}
