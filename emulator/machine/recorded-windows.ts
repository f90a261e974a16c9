/** The windows of a recorded machine's host bridges: from the kernel's log, from its maps, or as wide as its BARs need. */
import { hex } from "../core/hex";
import type { BootFacts } from "../formats/dmesg";
import type { DumpedFunction } from "../formats/dump";
import type { ProcRange } from "../formats/proc";
import type { WindowDescription } from "./description";

/** A root bus. */
export interface Root {
  readonly segment: number;
  readonly bus: number;
}

interface Window extends Root {
  readonly kind: "io" | "memory";
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

interface Sources {
  readonly facts: BootFacts;
  readonly iomem: readonly ProcRange[];
  readonly ioports: readonly ProcRange[];
  readonly functions: readonly DumpedFunction[];
}

const FOUR_GIB = 2 ** 32;
const GRAIN = 2 ** 28;
const HIGHEST = 2 ** 46;
const MEMORY_END = 0xfebfffff;
const USUAL_START = 0xc0000000;
const LEAST_START = 0x10000000;

/** Of one root bus; `first` gets what nobody says of any. */
export function windowsOf(sources: Sources, first: Root): (root: Root) => WindowDescription[] {
  const { facts, iomem, ioports, functions } = sources;
  const lines = [...busLines(ioports, "io"), ...busLines(iomem, "memory")];
  const said = facts.windows.length ? facts.windows : lines;
  const chosen: readonly Window[] = said.length ? said : assumed(functions, first);
  return (root) =>
    chosen
      .filter(({ bus, segment }) => bus === root.bus && segment === root.segment)
      .map(({ kind, start, end, offset }) => ({
        kind,
        start: hex(start),
        end: hex(end),
        ...(offset && { offset: hex(offset) }),
      }));
}

function busLines(ranges: readonly ProcRange[], kind: "io" | "memory"): readonly Window[] {
  return ranges.flatMap(({ start, end, name }) => {
    const [, segment, bus] = /^PCI Bus ([0-9a-f]{4,}):([0-9a-f]{2})$/.exec(name) ?? [];
    if (segment === undefined || bus === undefined) return [];
    const root = { segment: Number.parseInt(segment, 16), bus: Number.parseInt(bus, 16) };
    return [{ kind, start, end, offset: 0, ...root }];
  });
}

/** A PC's usual ones, wide enough for the addresses in the BARs. */
function assumed(functions: readonly DumpedFunction[], root: Root): readonly Window[] {
  const found = functions.flatMap(({ bytes }) => memoryAddresses(bytes));
  const low = found.filter((it) => it >= LEAST_START && it < MEMORY_END);
  const high = found.filter((it) => it >= FOUR_GIB && it < HIGHEST);
  const start = Math.min(USUAL_START, ...low.map((it) => Math.floor(it / GRAIN) * GRAIN));
  const window = (kind: Window["kind"], from: number, end: number) => ({
    kind,
    start: from,
    end,
    offset: 0,
    ...root,
  });
  return [
    window("io", 0, 0xcf7),
    window("io", 0xd00, 0xffff),
    window("memory", start, MEMORY_END),
    ...(high.length
      ? [window("memory", floorOf(Math.min(...high)), 2 * floorOf(Math.max(...high)) - 1)]
      : []),
  ];
}

/** A power of two, so that large BARs find an alignment. */
function floorOf(address: number): number {
  return 2 ** Math.floor(Math.log2(address));
}

function memoryAddresses(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = [6, 2, 1][(bytes[0x0e] ?? 0) & 0x7f] ?? 0;
  const found: number[] = [];
  for (let index = 0; index < count; index++) {
    const value = view.getUint32(0x10 + index * 4, true);
    if (value & 1) continue;
    const wide = (value & 6) === 4 && index + 1 < count;
    const upper = wide ? view.getUint32(0x14 + index * 4, true) : 0;
    found.push(upper * FOUR_GIB + ((value & ~15) >>> 0));
    if (wide) index++;
  }
  return found;
}
