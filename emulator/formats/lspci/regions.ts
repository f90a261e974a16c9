/** The lines of BARs and of the expansion ROM: places from Linux, enables from the registers. */
import type { SysfsDevice, SysfsResource } from "../../linux/sysfs";
import type { ConfigBytes } from "./config-bytes";
import { hex, sizeText } from "./text";

const COMMAND = 4;
const IO_ENABLE = 1;
const MEMORY_ENABLE = 2;
const ROM_INDEX = 6;
const ROM_ENABLE = 1;
/** include/linux/ioport.h */
const FLAGS = { enhanced: 0x20, io: 0x100, prefetch: 0x2000, wide: 0x100000 } as const;

interface Shown {
  readonly device: SysfsDevice;
  readonly config: ConfigBytes;
  readonly verbosity: number;
}

export function regions({ device, config, verbosity }: Shown, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const resource = device.resource[index];
    if (!resource?.flags && !resource?.start) return "";
    const label = verbosity > 1 ? `Region ${index}: ` : "";
    return `\t${label}${resource.flags & FLAGS.io ? ports(resource, config) : memory({ resource, config, index })}`;
  }).filter(Boolean);
}

function ports({ start, end, flags }: SysfsResource, config: ConfigBytes): string {
  const enabled = (config.word(COMMAND) & IO_ENABLE) !== 0;
  const at = start || enabled ? hex((start & ~3) >>> 0, 4) : "<unassigned>";
  return `I/O ports at ${at}${enabled ? "" : " [disabled]"}${enhanced(flags)}${sizeText(sizeOf({ start, end }))}`;
}

interface MemoryRegion {
  readonly resource: SysfsResource;
  readonly config: ConfigBytes;
  readonly index: number;
}

function memory({ resource: { start, end, flags }, config, index }: MemoryRegion): string {
  const wide = (flags & FLAGS.wide) !== 0;
  const [low, high] = [config.long(0x10 + index * 4), wide ? config.long(0x14 + index * 4) : 0];
  const held = low & ~15 || high;
  const address = start ? hex(BigInt(start) & ~15n, 8) : low || high ? "<ignored>" : "<unassigned>";
  const kind = `(${wide ? 64 : 32}-bit, ${flags & FLAGS.prefetch ? "" : "non-"}prefetchable)`;
  const enabled = (config.word(COMMAND) & MEMORY_ENABLE) !== 0;
  const state = start && !held ? " [virtual]" : enabled ? "" : " [disabled]";
  return `Memory at ${address} ${kind}${state}${enhanced(flags)}${sizeText(sizeOf({ start, end }))}`;
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
  const address = start ? hex(start - (start % 0x800), 8) : register ? "<ignored>" : "<unassigned>";
  const state = !(register & ROM_ENABLE)
    ? " [disabled]"
    : config.word(COMMAND) & MEMORY_ENABLE || register === 0xffffffff
      ? ""
      : " [disabled by cmd]";
  const virtual = start && !held ? " [virtual]" : "";
  return [
    `\tExpansion ROM at ${address}${virtual}${state}${enhanced(flags)}${sizeText(sizeOf({ start, end }))}`,
  ];
}
