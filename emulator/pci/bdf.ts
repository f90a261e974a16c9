/** Segment, bus, device and function: how software names a function (PCIe Base Specification 2.2.4.2). */
import { digits } from "../core/hex";

/** Segment groups have 16 bits; Linux numbers the domains that it makes itself from there on (Intel VMD: 10000). */
const LAST_SEGMENT = 0x7fffffff;

export interface Bdf {
  readonly segment: number;
  readonly bus: number;
  readonly device: number;
  readonly function: number;
}

export function bdf(parts: { segment?: number; bus: number; device: number; function: number }): Bdf {
  const { segment = 0, bus, device, function: fn } = parts;
  if (device > 31 || fn > 7 || bus > 255 || segment > LAST_SEGMENT) {
    throw new RangeError(`There is no function ${segment}:${bus}:${device}.${fn}`);
  }
  return { segment, bus, device, function: fn };
}

/** `0000:01:00.0` */
export function formatBdf({ segment, bus, device, function: fn }: Bdf): string {
  return `${digits(segment, 4)}:${digits(bus, 2)}:${digits(device, 2)}.${fn}`;
}

/** Reads `01:00.0` and `0000:01:00.0`; undefined for anything else. */
export function parseBdf(text: string): Bdf | undefined {
  const match = /^(?:([0-9a-f]{4,}):)?([0-9a-f]{2}):([01][0-9a-f])\.([0-7])$/i.exec(text);
  if (!match) return undefined;
  const [segment, bus, device, fn] = match.slice(1).map((part) => Number.parseInt(part ?? "0", 16));
  return bdf({ segment: segment ?? 0, bus: bus ?? 0, device: device ?? 0, function: fn ?? 0 });
}
