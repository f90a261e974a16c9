/** The sizes of BARs, which no dump holds: from sysfs, from the kernel's log, or inferred from the address. */
import type { ProbedBar } from "../formats/dmesg";
import type { RecordedBar } from "./description";

const ROM_INDEX = 6;
/** By header type: endpoint, bridge, CardBus bridge. */
const BAR_COUNT = [6, 2, 1] as const;
const MEM_64 = 0x100000;
const PREFETCH = 0x2000;
const IO = 0x100;
/** What an I/O BAR and a memory BAR are at least; a guess is not larger than these. */
const LEAST = { io: 4, memory: 16 } as const;
const GUESS_LIMIT = { io: 256, memory: 1 << 20 } as const;

interface Sources {
  /** Lines of sysfs `resource`. */
  readonly lines: readonly string[] | undefined;
  readonly probed: ReadonlyMap<number, ProbedBar>;
}

interface Known {
  readonly size: number;
  readonly kind: RecordedBar["kind"];
  readonly prefetchable: boolean;
}

export function recordedBars(bytes: Uint8Array, sources: Sources): readonly RecordedBar[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = BAR_COUNT[(bytes[0x0e] ?? 0) & 0x7f] ?? 0;
  const bars: RecordedBar[] = [];
  for (let index = 0; index < count; index++) {
    const value = view.getUint32(0x10 + index * 4, true);
    const high = index + 1 < count ? view.getUint32(0x14 + index * 4, true) : 0;
    const bar = oneBar(index as RecordedBar["index"], { value, high, sources });
    if (!bar || (bar.kind === "mem64" && index + 1 >= count)) continue;
    bars.push(bar);
    if (bar.kind === "mem64") index++;
  }
  return bars;
}

function oneBar(
  index: RecordedBar["index"],
  { value, high, sources }: { value: number; high: number; sources: Sources },
): RecordedBar | undefined {
  const known = fromLine(sources.lines?.[index]) ?? sources.probed.get(index);
  if (known && isPower(known.size)) {
    const { size, kind, prefetchable } = known;
    return { index, kind, size, ...(prefetchable && { prefetchable }) };
  }
  if (value === 0) return undefined;
  const kind = value & 1 ? "io" : (value & 6) === 4 ? "mem64" : "mem32";
  const prefetchable = kind !== "io" && (value & 8) !== 0;
  return {
    index,
    kind,
    size: guess(kind, { value, high }),
    ...(prefetchable && { prefetchable }),
    assumed: true,
  };
}

/** What sysfs says; nothing for an empty line. */
function fromLine(line: string | undefined): Known | undefined {
  const [start = 0n, end = 0n, flags = 0n] = (line ?? "")
    .split(" ")
    .map((text) => (/^0x[0-9a-f]+$/i.test(text) ? BigInt(text) : 0n));
  if (flags === 0n) return undefined;
  const bits = Number(flags);
  const kind = bits & IO ? "io" : bits & MEM_64 ? "mem64" : "mem32";
  return { size: Number(end - start) + 1, kind, prefetchable: (bits & PREFETCH) !== 0 };
}

/** A BAR is aligned to its size: the lowest bit set in the address bounds it. */
function guess(kind: RecordedBar["kind"], { value, high }: { value: number; high: number }): number {
  const space = kind === "io" ? "io" : "memory";
  const low = BigInt((value & (kind === "io" ? ~3 : ~15)) >>> 0);
  const address = kind === "mem64" ? low | (BigInt(high) << 32n) : low;
  const aligned = address === 0n ? GUESS_LIMIT[space] : Number(address & -address);
  return Math.max(LEAST[space], Math.min(GUESS_LIMIT[space], aligned));
}

/** What sizing found, as BARs. */
export function probedBars(probed: ReadonlyMap<number, ProbedBar> | undefined): readonly RecordedBar[] {
  const usable = [...(probed ?? [])].filter(([index, { size }]) => index <= 5 && isPower(size));
  return usable.map(([index, { size, kind, prefetchable }]) => ({
    index: index as RecordedBar["index"],
    kind,
    size,
    ...(prefetchable && { prefetchable }),
  }));
}

/** Bytes of the expansion ROM, or 0. */
export function romSize({ lines, probed }: Sources): number {
  return fromLine(lines?.[ROM_INDEX])?.size ?? probed.get(ROM_INDEX)?.size ?? 0;
}

function isPower(size: number): boolean {
  return size >= 4 && Number.isInteger(Math.log2(size));
}
