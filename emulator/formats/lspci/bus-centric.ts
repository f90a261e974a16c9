/** `lspci -b`: addresses and interrupts as the registers hold them, not as Linux knows them. */
import type { SysfsDevice, SysfsResource } from "../../linux/sysfs";
import { ConfigBytes } from "./config-bytes";
import { BROKEN } from "./regions";

const FIRST_BAR = 0x10;
const HEADER_TYPE = 0x0e;
const STATUS = 6;
const HAS_LIST = 0x10;
const SUBSYSTEM_ID = 0x0d;
const MOST_CAPABILITIES = 48;
/** By header type: endpoint, bridge, CardBus bridge, which has no ROM. */
const BAR_COUNT = [6, 2, 1] as const;
const ROM = [0x30, 0x38, undefined] as const;
const SUBSYSTEM = [0x2c, undefined, 0x40] as const;
/** include/linux/ioport.h */
const IO = 0x100;
const MEMORY = 0x200;

/** The same device without anything that only Linux knows: no size, no window. Flags hold a BAR's low bits. */
export function busSees(device: SysfsDevice): SysfsDevice {
  const config = new ConfigBytes(device.config);
  const header = config.byte(HEADER_TYPE) & 0x7f;
  const subsystem = SUBSYSTEM[header] ?? findCapability(config, SUBSYSTEM_ID) + 4;
  const romAt = ROM[header];
  return {
    ...device,
    irq: config.byte(0x3c),
    resource: [...bars(config, BAR_COUNT[header] ?? 0), romAt === undefined ? NONE : rom(config.long(romAt))],
    subsystemVendor: subsystem > 4 ? config.word(subsystem) : 0,
    subsystemDevice: subsystem > 4 ? config.word(subsystem + 2) : 0,
  };
}

/** Offset, or 0. */
function findCapability(config: ConfigBytes, id: number): number {
  let at = config.word(STATUS) & HAS_LIST ? config.byte(0x34) & ~3 : 0;
  for (let left = MOST_CAPABILITIES; at && left > 0 && config.byte(at) !== id; left--)
    at = config.byte(at + 1) & ~3;
  return config.byte(at) === id ? at : 0;
}

const NONE: SysfsResource = { start: 0, end: 0, flags: 0 };

/** The upper half of a 64-bit BAR shows as a region of its own, without an address: so does lspci. */
function bars(config: ConfigBytes, count: number): SysfsResource[] {
  const found: SysfsResource[] = Array.from({ length: 6 }, () => NONE);
  for (let index = 0; index < count; index++) {
    const value = config.long(FIRST_BAR + index * 4);
    if (!value || value === 0xffffffff) continue;
    found[index] = bar(config, { value, index, count });
    if (!isWide(value) || index + 1 >= count) continue;
    index++;
    const upper = config.long(FIRST_BAR + index * 4);
    if (upper && upper !== 0xffffffff) found[index] = { start: 0, end: 0, flags: kindOf(upper) };
  }
  return found;
}

interface Register {
  readonly value: number;
  readonly index: number;
  readonly count: number;
}

function bar(config: ConfigBytes, { value, index, count }: Register): SysfsResource {
  const flags = kindOf(value);
  if (flags & IO) return { start: (value & ~3) >>> 0, end: 0, flags };
  const low = (value & ~15) >>> 0;
  if (!isWide(value)) return { start: low, end: 0, flags };
  if (index + 1 >= count) return { start: low, end: low ? BROKEN : 0, flags };
  return { start: config.long(FIRST_BAR + 4 + index * 4) * 2 ** 32 + low, end: 0, flags };
}

function isWide(value: number): boolean {
  return !(value & 1) && (value & 6) === 4;
}

function kindOf(value: number): number {
  return (value & 1 ? IO : MEMORY) | (value & 15);
}

function rom(value: number): SysfsResource {
  return value && value !== 0xffffffff ? { start: (value & ~0x7ff) >>> 0, end: 0, flags: MEMORY } : NONE;
}
