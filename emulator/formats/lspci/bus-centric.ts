/** `lspci -b`: addresses and interrupts as the registers hold them, not as Linux knows them. */
import type { SysfsDevice, SysfsResource } from "../../linux/sysfs";
import { ConfigBytes } from "./config-bytes";

const FIRST_BAR = 0x10;
const HEADER_TYPE = 0x0e;
const ROM = { endpoint: 0x30, bridge: 0x38 } as const;
const IO = 0x100;
const MEMORY = 0x200;
const PREFETCHABLE = 0x2000;
const WIDE = 0x100000;

/** The same device without anything that only Linux knows: no size, no window. */
export function busSees(device: SysfsDevice): SysfsDevice {
  const config = new ConfigBytes(device.config);
  const bridge = (config.byte(HEADER_TYPE) & 0x7f) === 1;
  return {
    ...device,
    irq: config.byte(0x3c),
    resource: [...bars(config, bridge ? 2 : 6), rom(config.long(bridge ? ROM.bridge : ROM.endpoint))],
  };
}

const NONE: SysfsResource = { start: 0, end: 0, flags: 0 };

function bars(config: ConfigBytes, count: number): SysfsResource[] {
  const found: SysfsResource[] = Array.from({ length: 6 }, () => NONE);
  for (let index = 0; index < count; index++) {
    const value = config.long(FIRST_BAR + index * 4);
    if (!value || value === 0xffffffff) continue;
    const wide = !(value & 1) && (value & 6) === 4;
    found[index] = value & 1 ? at((value & ~3) >>> 0, IO) : memory(value, wide ? highHalf(config, index) : 0);
    if (wide) index++;
  }
  return found;
}

function highHalf(config: ConfigBytes, index: number): number {
  return config.long(FIRST_BAR + 4 + index * 4);
}

function memory(value: number, high: number): SysfsResource {
  const flags = MEMORY | (value & 8 ? PREFETCHABLE : 0) | ((value & 6) === 4 ? WIDE : 0);
  return at(high * 2 ** 32 + ((value & ~15) >>> 0), flags);
}

function at(start: number, flags: number): SysfsResource {
  return { start, end: start, flags };
}

function rom(value: number): SysfsResource {
  return value && value !== 0xffffffff ? at((value & ~0x7ff) >>> 0, MEMORY) : NONE;
}
