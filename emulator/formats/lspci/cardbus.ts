/** The header of a CardBus bridge (PC Card Standard 8.0, PCI-to-CardBus bridges), header type 2. */
import type { ConfigBytes } from "./config-bytes";
import { hex, signs } from "./text";

const COMMAND = 4;
const SECONDARY_STATUS = 0x16;
const SYSTEM_ERROR = 0x4000;
const MEMORY_WINDOWS = [0x1c, 0x24] as const;
const IO_WINDOWS = [0x2c, 0x34] as const;
const BRIDGE_CONTROL = 0x3e;
const PREFETCHABLE = 0x100;
const LEGACY_PORTS = 0x44;
const CONTROL_BITS = "Parity:0 SERR:1 ISA:2 VGA:3 MAbort:5 >Reset:6 16bInt:7 PostWrite:10";
/** What is beyond needs root. */
export const CARDBUS_BYTES = 128;
export const CARDBUS_CAPABILITIES = 0x14;

/** The lines between its one BAR and its capabilities. */
export function cardbusLines(config: ConfigBytes, verbosity: number): readonly string[] {
  const bus = (at: number) => hex(config.byte(at), 2);
  const legacy = config.word(LEGACY_PORTS);
  const whole = config.length >= CARDBUS_BYTES;
  return [
    `\tBus: primary=${bus(0x18)}, secondary=${bus(0x19)}, subordinate=${bus(0x1a)}, sec-latency=${config.byte(0x1b)}`,
    ...MEMORY_WINDOWS.flatMap((at, index) => memoryWindow(config, { at, index, verbosity })),
    ...IO_WINDOWS.flatMap((at, index) => ioWindow(config, { at, index, verbosity })),
    ...(config.word(SECONDARY_STATUS) & SYSTEM_ERROR ? ["\tSecondary status: SERR"] : []),
    ...(verbosity > 1 ? [`\tBridgeCtl: ${signs(config.word(BRIDGE_CONTROL), CONTROL_BITS)}`] : []),
    ...(whole ? [] : ["\t<access denied to the rest>"]),
    ...(whole && legacy ? [`\t16-bit legacy interface ports at ${hex(legacy, 4)}`] : []),
  ];
}

interface Window {
  readonly at: number;
  readonly index: number;
  readonly verbosity: number;
}

function memoryWindow(config: ConfigBytes, { at, index, verbosity }: Window): readonly string[] {
  const [base, limit] = [config.long(at), (config.long(at + 4) + 0xfff) >>> 0];
  if (base > limit && verbosity < 3) return [];
  const state = config.word(COMMAND) & 2 ? "" : " [disabled]";
  const kind = config.word(BRIDGE_CONTROL) & (PREFETCHABLE << index) ? " (prefetchable)" : "";
  return [`\tMemory window ${index}: ${hex(base, 8)}-${hex(limit, 8)}${state}${kind}`];
}

/** Of 16 bits unless the base says 32. */
function ioWindow(config: ConfigBytes, { at, index, verbosity }: Window): readonly string[] {
  const mask = config.long(at) & 1 ? ~3 : 0xfffc;
  const [base, limit] = [(config.long(at) & mask) >>> 0, ((config.long(at + 4) & mask) + 3) >>> 0];
  if (base > limit && verbosity < 3) return [];
  const state = config.word(COMMAND) & 1 ? "" : " [disabled]";
  return [`\tI/O window ${index}: ${hex(base, 8)}-${hex(limit, 8)}${state}`];
}
