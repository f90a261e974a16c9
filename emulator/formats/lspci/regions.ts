/** The lines of BARs and of the expansion ROM: places from Linux, enables from the registers. */
import type { SysfsDevice, SysfsResource } from "../../linux/sysfs";
import type { ConfigBytes } from "./config-bytes";
import { hex, sizeText } from "./text";

const COMMAND = 4;
const FIRST_BAR = 0x10;
const IO_ENABLE = 1;
const MEMORY_ENABLE = 2;
const ROM_INDEX = 6;
const ROM_ENABLE = 1;
/** What a BAR says in its low bits. */
const KIND_BITS = 0xf;
/** include/linux/ioport.h */
const FLAGS = { enhanced: 0x20, io: 0x100, prefetch: 0x2000, wide: 0x100000 } as const;

/** `end` of a 64-bit BAR whose upper half would be beyond the last. */
export const BROKEN = -1;
const KINDS = ["32-bit", "low-1M", "64-bit", "type 3"] as const;

interface Shown {
  readonly device: SysfsDevice;
  readonly config: ConfigBytes;
  readonly verbosity: number;
  readonly busCentric: boolean;
}

export function regions({ device, config, verbosity, busCentric }: Shown, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const resource = device.resource[index];
    if (!resource || !(resource.start || resource.flags & KIND_BITS || sizeOf(resource))) return "";
    const label = verbosity > 1 ? `Region ${index}: ` : "";
    return `\t${label}${(resource.flags & FLAGS.io ? ports : memory)({ resource, config, index, busCentric })}`;
  }).filter(Boolean);
}

function ports({ resource: { start, end, flags }, config, index, busCentric }: Region): string {
  const enabled = (config.word(COMMAND) & IO_ENABLE) !== 0;
  const none = !busCentric && config.long(FIRST_BAR + index * 4) ? "<ignored>" : "<unassigned>";
  const at = start || enabled ? hex((start & ~3) >>> 0, 4) : none;
  return `I/O ports at ${at}${enabled ? "" : " [disabled]"}${enhanced(flags)}${sizeText(sizeOf({ start, end }))}`;
}

interface Region {
  readonly resource: SysfsResource;
  readonly config: ConfigBytes;
  readonly index: number;
  readonly busCentric: boolean;
}

function memory({ resource: { start, end, flags }, config, index, busCentric }: Region): string {
  const register = config.long(FIRST_BAR + index * 4);
  const wide = busCentric ? KINDS[(flags >>> 1) & 3] : flags & FLAGS.wide ? "64-bit" : "32-bit";
  const none = register && !busCentric ? "<ignored>" : "<unassigned>";
  const address = end === BROKEN ? "<broken-64-bit-slot>" : start ? hex(BigInt(start) & ~15n, 8) : none;
  const prefetchable = (busCentric ? flags & 8 : flags & FLAGS.prefetch) !== 0;
  const enabled = (config.word(COMMAND) & MEMORY_ENABLE) !== 0;
  const known = (start !== 0 || (flags & KIND_BITS) !== 0) && !(flags & FLAGS.enhanced);
  const state = known && !register ? " [virtual]" : enabled ? "" : " [disabled]";
  return `Memory at ${address} (${wide}, ${prefetchable ? "" : "non-"}prefetchable)${state}${enhanced(flags)}${sizeText(sizeOf({ start, end }))}`;
}

function enhanced(flags: number): string {
  return flags & FLAGS.enhanced ? " [enhanced]" : "";
}

/** A range of one byte has, for libpci, no size. */
function sizeOf({ start, end }: { readonly start: number; readonly end: number }): bigint {
  return end > start ? BigInt(end) - BigInt(start) + 1n : 0n;
}

/** Nothing where there is no ROM. `at` is the register's offset. */
export function rom({ device, config }: Shown, at: number): readonly string[] {
  const { start = 0, end = 0, flags = 0 } = device.resource[ROM_INDEX] ?? {};
  const register = config.long(at);
  if (!start && !flags && !register) return [];
  const held = register & ~0x7ff;
  const address = start ? hex(start - (start % 0x800), 8) : held ? "<ignored>" : "<unassigned>";
  const virtual = start !== 0 && !held;
  const decodes = (config.word(COMMAND) & MEMORY_ENABLE) !== 0;
  const disabled = virtual || !(register & ROM_ENABLE) ? " [disabled]" : decodes ? "" : " [disabled by cmd]";
  const state = `${virtual ? " [virtual]" : ""}${disabled}`;
  return [`\tExpansion ROM at ${address}${state}${enhanced(flags)}${sizeText(sizeOf({ start, end }))}`];
}
