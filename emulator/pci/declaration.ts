/** What a function is made from, and the register map of its configuration space. */
import type { RegisterFile } from "../core/register-file";
import type { RegisterMap } from "../core/register-map";
import { type BarDeclaration, barRegisters } from "./bar";
import { type Capability, capabilityList, EXTENDED_START } from "./capabilities/capability";
import type { Msix } from "./capabilities/msix";
import { type Ids, type0Header, type1Header } from "./header";
import type { Quirks } from "./quirks";

const HEADER_END = 0x40;

export interface FunctionDeclaration {
  /** The machine's own name for it, as in `edu.FACTORIAL`. */
  readonly name: string;
  readonly ids: Ids;
  readonly header?: 0 | 1;
  /** 1 is INTA; 0: none. */
  readonly interruptPin?: number;
  readonly bars?: readonly BarDeclaration[];
  /** Bytes of the expansion ROM, a power of two. */
  readonly rom?: number;
  /** In the order of their lists: those below 0x100, and the extended ones. */
  readonly capabilities?: readonly Capability[];
  /** The device's own registers, from 0x40 up. */
  readonly registers?: RegisterMap;
  readonly msix?: Msix;
  /** 4 KiB of configuration space instead of 256 bytes. */
  readonly express?: boolean;
  /** The device-dependent region (PCI 3.0, 6.1): bytes from 0x40 up in no capability are plain memory, as QEMU's are. */
  readonly openConfiguration?: boolean;
  readonly quirks?: Quirks;
  /** Of a bridge: the bus below is a conventional one. */
  readonly conventionalBelow?: boolean;
}

/** The header, the device's own registers, and both lists of capabilities. */
export function configurationMap(declaration: FunctionDeclaration): RegisterMap {
  const { registers, capabilities = [] } = declaration;
  return { ...headerOf(declaration), ...registers, ...capabilityList(capabilities) };
}

function headerOf({ ids, header = 0, bars = [], capabilities = [], ...declaration }: FunctionDeclaration) {
  return (header === 0 ? type0Header : type1Header)(ids, {
    type: header,
    interruptPin: declaration.interruptPin ?? 0,
    capabilities: capabilities.find(({ at }) => at < EXTENDED_START)?.at ?? 0,
    bars: barRegisters(bars, header === 0 ? 6 : 2),
    rom: declaration.rom ?? 0,
    conventionalBelow: declaration.conventionalBelow ?? false,
    secondaryLatency: declaration.quirks?.on ?? false,
  });
}

/** What no capability has is plain memory. */
export function openConfiguration(config: RegisterFile): void {
  for (let at = HEADER_END; at < config.size; at += 4) if (at !== EXTENDED_START) config.openUndefined(at);
}
