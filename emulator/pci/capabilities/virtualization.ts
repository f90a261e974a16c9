/**
 * Single Root I/O Virtualization (PCIe Base Specification 9.3): VF Enable makes NumVFs functions appear, VF BARs place
 * them all at once, one after the other.
 * Not modelled: VF migration, page sizes other than 4 KiB, VFs on the next bus number.
 */
import type { Register } from "../../core/register-map";
import { type BarDeclaration, barRegisters } from "../bar";
import type { PciFunction } from "../function";
import { type ConfigLogic, type ConfigWrite, type FunctionSide, writtenTo } from "../place";
import type { Capability } from "./capability";

export interface VirtualizationOptions {
  readonly total: number;
  /** Routing ids from the physical function to the first, and between two. */
  readonly offset: number;
  readonly stride: number;
  readonly device: number;
  readonly bars: readonly BarDeclaration[];
  /** The functions, once they are made. */
  readonly functions: () => readonly PciFunction[];
}

const ENABLE = 1;
const PAGE_SIZES = 0x553;
const FIRST_BAR = 0x24;
const HEADER_BAR = 0x10;

// biome-ignore format: a table, as in the specification
export function virtualization(at: number, options: VirtualizationOptions): Capability {
  const { total, offset, stride, device, bars } = options;
  return { id: 0x0010, name: "SRIOV", at, logic: (fn) => new Virtualization(fn, options), registers: {
    SRIOV_CAP: { at: at + 0x04, width: 32, access: "ro", doc: "Capabilities: no migration.", spec: "PCIe 9.3.3.2" },
    SRIOV_CTRL: { at: at + 0x08, width: 16, access: "ro", doc: "Control.", spec: "PCIe 9.3.3.3", fields: {
      ENABLE: { bits: 0, access: "rw", doc: "The virtual functions exist." },
      MSE: { bits: 3, access: "rw", doc: "They decode memory." },
      ARI: { bits: 4, access: "rw", doc: "Their routing ids may use device numbers." },
    } },
    SRIOV_STATUS: { at: at + 0x0a, width: 16, access: "ro", doc: "Migration: none.", spec: "PCIe 9.3.3.4" },
    SRIOV_INITIAL: { at: at + 0x0c, width: 16, access: "ro", reset: total, doc: "Virtual functions at first.", spec: "PCIe 9.3.3.5" },
    SRIOV_TOTAL: { at: at + 0x0e, width: 16, access: "ro", reset: total, doc: "Virtual functions at most.", spec: "PCIe 9.3.3.6" },
    SRIOV_NUM: { at: at + 0x10, width: 16, access: "rw", doc: "Virtual functions wanted; fixed while they exist.", spec: "PCIe 9.3.3.7" },
    SRIOV_DEPENDENCY: { at: at + 0x12, width: 16, access: "ro", doc: "Function Dependency Link.", spec: "PCIe 9.3.3.8" },
    SRIOV_OFFSET: { at: at + 0x14, width: 16, access: "ro", reset: offset, doc: "Routing id of the first, from this one.", spec: "PCIe 9.3.3.9" },
    SRIOV_STRIDE: { at: at + 0x16, width: 16, access: "ro", reset: stride, doc: "Routing ids between two.", spec: "PCIe 9.3.3.10" },
    SRIOV_RESERVED: { at: at + 0x18, width: 16, access: "ro", doc: "Reserved." },
    SRIOV_DEVICE: { at: at + 0x1a, width: 16, access: "ro", reset: device, doc: "Device id of the virtual functions.", spec: "PCIe 9.3.3.11" },
    SRIOV_PAGES: { at: at + 0x1c, width: 32, access: "ro", reset: PAGE_SIZES, doc: "Page sizes it can do.", spec: "PCIe 9.3.3.12" },
    SRIOV_PAGE: { at: at + 0x20, width: 32, access: "ro", reset: 1, doc: "Page size: 4 KiB.", spec: "PCIe 9.3.3.13" },
    ...virtualBars(at, bars),
    SRIOV_MIGRATION: { at: at + 0x3c, width: 32, access: "ro", doc: "Migration state array: none.", spec: "PCIe 9.3.3.15" },
  } };
}

/** VF BARs are BARs in another place: each is as large as what one function decodes. */
function virtualBars(at: number, bars: readonly BarDeclaration[]): Readonly<Record<string, Register>> {
  const moved = Object.values(barRegisters(bars, 6)).map((register, index): [string, Register] => [
    `SRIOV_BAR_${index}`,
    { ...register, at: register.at - HEADER_BAR + at + FIRST_BAR, spec: "PCIe 9.3.3.14" },
  ]);
  return Object.fromEntries(moved);
}

class Virtualization implements ConfigLogic {
  readonly #fn: FunctionSide;
  readonly #functions: () => readonly PciFunction[];

  constructor(fn: FunctionSide, { functions }: VirtualizationOptions) {
    this.#fn = fn;
    this.#functions = functions;
  }

  reset(): void {
    for (const vf of this.#functions()) vf.present = false;
  }

  written(write: ConfigWrite): void {
    const { config } = this.#fn;
    const { SRIOV_CTRL: control, SRIOV_NUM: wanted } = config.map;
    const enabled = (config.value("SRIOV_CTRL") & ENABLE) !== 0;
    if (wanted && writtenTo(write, wanted) && enabled) config.setWord(write.at, write.old);
    if (!control || !writtenTo(write, control) || enabled === ((write.old & ENABLE) !== 0)) return;
    for (const [number, vf] of this.#functions().entries())
      this.#appear(vf, enabled && number < config.value("SRIOV_NUM"));
  }

  #appear(vf: PciFunction, there: boolean): void {
    if (there) vf.reset();
    vf.present = there;
  }
}
