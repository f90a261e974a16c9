/** Enhanced Allocation (PCIe Base Specification 7.8.5): fixed places of what BARs would place. */
import type { Decoder } from "../capability";
import type { ConfigBytes } from "../config-bytes";
import { bits, hex, sign } from "../text";

const BRIDGE = 1;
const PROPERTIES: Readonly<Record<number, string>> = {
  0: "memory space, non-prefetchable",
  1: "memory space, prefetchable",
  2: "I/O space",
  3: "VF memory space, prefetchable",
  4: "VF memory space, non-prefetchable",
  5: "allocation behind bridge, non-prefetchable memory",
  6: "allocation behind bridge, prefetchable memory",
  7: "allocation behind bridge, I/O space",
  253: "memory space resource unavailable for use",
  254: "I/O space resource unavailable for use",
  255: "entry unavailable for use",
};
const UNAVAILABLE = 255;
const HIGH = 2;

export const enhancedAllocation: Decoder = ({ config, at, flags, verbosity }) => {
  const count = bits(flags, 5, 0);
  const bridge = (config.byte(0x0e) & 0x7f) === BRIDGE;
  const buses = bridge ? `, secondary=${config.byte(at + 4)}, subordinate=${config.byte(at + 5)}` : "";
  const title = `Enhanced Allocation (EA): NumEntries=${count}${buses}`;
  return verbosity > 1 ? [title, ...entries(config, at + (bridge ? 8 : 4), count)] : [title];
};

function entries(config: ConfigBytes, first: number, count: number): readonly string[] {
  const lines: string[] = [];
  let at = first;
  for (let number = 0; number < count && config.has(at, 4); number++) {
    const size = bits(config.long(at), 2, 0);
    if (!config.has(at + 4, size * 4)) break;
    lines.push(...entry(config, at, number));
    at += 4 + size * 4;
  }
  return lines;
}

function entry(config: ConfigBytes, at: number, number: number): readonly string[] {
  const header = config.long(at);
  const [base, most] = [config.long(at + 4), config.long(at + 8)];
  const upperBase = base & HIGH ? hex(config.long(at + 12)) : "";
  const upperMost = most & HIGH ? hex(config.long(at + (base & HIGH ? 16 : 12))) : "";
  return [
    `\t\tEntry ${number}: Enable${sign(header, 31)} Writable${sign(header, 30)} EntrySize=${bits(header, 2, 0)}`,
    `\t\t\t BAR Equivalent Indicator: ${equivalent(bits(header, 7, 4))}`,
    `\t\t\t PrimaryProperties: ${property(bits(header, 15, 8))}`,
    `\t\t\t SecondaryProperties: ${property(bits(header, 23, 16), ", PrimaryProperties should be used")}`,
    `\t\t\t Base: ${upperBase}${hex((base & ~3) >>> 0, 8)}`,
    `\t\t\t MaxOffset: ${upperMost}${hex((most | 3) >>> 0, 8)}`,
  ];
}

function equivalent(indicator: number): string {
  if (indicator < 6) return `BAR ${indicator}`;
  const names = ["resource behind function", "not indicated", "expansion ROM"];
  return names[indicator - 6] ?? (indicator < 15 ? `VF-BAR ${indicator - 9}` : "reserved");
}

function property(code: number, advice = ""): string {
  const name = PROPERTIES[code] ?? `[${hex(code, 2)}]`;
  return code === UNAVAILABLE ? `${name}${advice}` : name;
}
