/** A capability in the list of a configuration space: an identifier, the registers that follow it, and what they do. */
import type { Register, RegisterMap } from "../../core/register-map";
import type { ConfigLogic, FunctionSide } from "../place";
import type { Quirk } from "../quirks";

export interface Capability {
  /** PCI Code and ID Assignment Specification. */
  readonly id: number;
  /** `MSI`: what its registers' names begin with. */
  readonly name: string;
  /** Offset in configuration space: from 0x100 up it is an extended capability. */
  readonly at: number;
  /** Of an extended capability. */
  readonly version?: number;
  /** Its registers beyond identifier and next pointer, at absolute offsets. */
  readonly registers: RegisterMap;
  /** What its registers do. */
  readonly logic?: (fn: FunctionSide) => ConfigLogic;
  /** Words that read other than hardware's by a quirk, by offset. */
  readonly quirks?: Readonly<Record<number, Quirk>>;
}

/** Where the extended capabilities begin: the first is always there (PCIe 7.9.2). */
export const EXTENDED_START = 0x100;

/** The registers of both lists, each in the order given, with the links between them. */
export function capabilityList(capabilities: readonly Capability[]): RegisterMap {
  const map: Record<string, Register> = {};
  const [near, far] = [capabilities.filter(({ at }) => at < EXTENDED_START), extended(capabilities)];
  near.forEach((capability, position) => {
    Object.assign(map, header(capability, near[position + 1]?.at ?? 0), capability.registers);
  });
  far.forEach((capability, position) => {
    Object.assign(map, extendedHeader(capability, far[position + 1]?.at ?? 0), capability.registers);
  });
  return map;
}

function extended(capabilities: readonly Capability[]): readonly Capability[] {
  return capabilities.filter(({ at }) => at >= EXTENDED_START);
}

// biome-ignore format: a table, as in the specification
function header({ id, name, at }: Capability, next: number): RegisterMap {
  return {
    [`${name}_CAP_ID`]: { at, width: 8, access: "ro", reset: id, doc: `${name} capability.` },
    [`${name}_CAP_NEXT`]: { at: at + 1, width: 8, access: "ro", reset: next, doc: "Offset of the next capability." },
  };
}

// biome-ignore format: a table, as in the specification
function extendedHeader({ id, name, at, version = 1 }: Capability, next: number): RegisterMap {
  return {
    [`${name}_EXT_CAP`]: { at, width: 32, access: "ro", reset: (id | (version << 16) | (next << 20)) >>> 0, doc: `${name} extended capability.`, spec: "PCIe 7.6.3", fields: {
      ID: { bits: [15, 0], doc: "What it is." },
      VERSION: { bits: [19, 16], doc: "Its version." },
      NEXT: { bits: [31, 20], doc: "Offset of the next; 0 ends the list." },
    } },
  };
}
