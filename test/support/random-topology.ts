/** Machines as no vendor would build them: deep, wide, odd sizes, windows that run out. */
import type {
  FunctionDescription,
  MachineDescription,
  RecordedBar,
} from "../../emulator/machine/description";

export type Random = () => number;

const pick = <T>(next: Random, values: readonly T[]): T => values[next() % values.length] as T;
const DEEPEST = 5;

/** A header of 64 bytes and, for ports, an Express capability behind it; everything else zero. */
function configuration(
  next: Random,
  kind: "endpoint" | "root-port" | "upstream" | "downstream" | "bridge",
): string {
  const bytes = new Uint8Array(256);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x1000_1b36 + ((next() % 64) << 16), true);
  const bridge = kind !== "endpoint";
  const subtractive = kind === "bridge" && next() % 3 === 0 ? 0x100 : 0;
  view.setUint32(8, bridge ? 0x06040000 | subtractive : 0x02000000, true);
  bytes[0x0e] = bridge ? 1 : 0;
  const type = { endpoint: 0, "root-port": 4, upstream: 5, downstream: 6, bridge: undefined }[kind];
  if (type === undefined) return hex(bytes);
  view.setUint16(6, 0x10, true);
  bytes[0x34] = 0x40;
  const slot = kind === "root-port" || kind === "downstream";
  view.setUint32(0x40, 0x0010 | ((2 | (type << 4) | (slot ? 0x100 : 0)) << 16), true);
  if (slot && next() % 2) view.setUint32(0x54, 0x40, true);
  if (bridge && next() % 3) view.setUint32(0x24, 0x0001_0001, true);
  return hex(bytes);
}

const SRIOV_BYTES = 4096;

/** An endpoint on a link with virtual functions: how many, and where their numbers begin. */
function virtualConfiguration(next: Random, vfBars: readonly RecordedBar[]): string {
  const bytes = new Uint8Array(SRIOV_BYTES);
  bytes.set(
    Uint8Array.from(configuration(next, "endpoint").match(/../g) ?? [], (it) => Number.parseInt(it, 16)),
  );
  const view = new DataView(bytes.buffer);
  view.setUint16(6, 0x10, true);
  bytes[0x34] = 0x40;
  view.setUint32(0x40, 0x0002_0010, true);
  view.setUint32(0x100, 0x0001_0010, true);
  view.setUint16(0x10e, 1 + (next() % 300), true);
  view.setUint32(0x114, 0x0001_0001 + (next() % 200), true);
  for (const { index, kind, prefetchable } of vfBars)
    bytes[0x124 + index * 4] = (kind === "mem64" ? 4 : 0) | (prefetchable ? 8 : 0);
  return hex(bytes);
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bars(next: Random, count: 2 | 6): RecordedBar[] {
  const found: RecordedBar[] = [];
  for (let index = 0; index < count; index++) {
    if (next() % 2) continue;
    const kind = pick(
      next,
      index + 1 < count ? (["io", "mem32", "mem32", "mem64", "mem64"] as const) : (["io", "mem32"] as const),
    );
    const size = kind === "io" ? 2 ** (2 + (next() % 7)) : 2 ** (4 + (next() % (kind === "mem64" ? 29 : 24)));
    found.push({
      index: index as RecordedBar["index"],
      kind,
      size,
      prefetchable: kind !== "io" && next() % 2 === 0,
    });
    if (kind === "mem64") index++;
  }
  return found;
}

function endpoint(next: Random, at: string): FunctionDescription {
  const rom = next() % 4 === 0 ? 2 ** (11 + (next() % 9)) : 0;
  const own = { at, device: "recorded", name: `e${next()}`, bars: bars(next, 6), ...(rom && { rom }) };
  if (next() % 12) return { ...own, config: configuration(next, "endpoint") };
  const vfBars = bars(next, 6)
    .filter(({ kind }) => kind !== "io")
    .map((bar) => ({ ...bar, size: Math.min(2 ** 20, Math.max(4096, bar.size)) }));
  return { ...own, config: virtualConfiguration(next, vfBars), vfBars };
}

function port(
  next: Random,
  at: string,
  { kind, below }: { kind: "root-port" | "upstream" | "downstream" | "bridge"; below: FunctionDescription[] },
): FunctionDescription {
  return {
    at,
    device: "recorded",
    name: `p${next()}`,
    config: configuration(next, kind),
    bars: next() % 3 ? [] : bars(next, 2),
    below,
  };
}

function slot(number: number): string {
  return `${number.toString(16).padStart(2, "0")}.0`;
}

/** What is behind a port with one device below it: nothing, a card, a switch, or a conventional bus. */
function behind(next: Random, depth: number): FunctionDescription[] {
  const kind = next() % 10;
  if (kind < 2 || depth >= DEEPEST) return kind < 1 ? [] : [endpoint(next, "00.0")];
  if (kind < 7) return [endpoint(next, "00.0")];
  if (kind === 9)
    return [port(next, "00.0", { kind: "bridge", below: several(next, (at) => endpoint(next, at)) })];
  const downstream = (at: string) => port(next, at, { kind: "downstream", below: behind(next, depth + 2) });
  return [port(next, "00.0", { kind: "upstream", below: several(next, downstream) })];
}

function several(next: Random, make: (at: string) => FunctionDescription): FunctionDescription[] {
  return Array.from({ length: 1 + (next() % 4) }, (_, index) => make(slot(index + 1)));
}

export function randomMachine(next: Random): MachineDescription {
  const count = 1 + (next() % 8);
  const functions = Array.from({ length: count }, (_, index) =>
    next() % 3
      ? port(next, slot(index + 1), { kind: "root-port", below: behind(next, 1) })
      : endpoint(next, slot(index + 1)),
  );
  const small = next() % 4 === 0;
  const windows = [
    { kind: "io", start: 0, end: 0xcf7 },
    { kind: "io", start: 0xd00, end: small ? 0x3fff : 0xffff },
    { kind: "memory", start: 0x000a0000, end: 0x000bffff },
    { kind: "memory", start: 0x40000000, end: small ? 0x43ffffff : 0xafffffff },
    ...(next() % 3
      ? [{ kind: "memory", start: 0x100000000, end: small ? 0x13fffffff : 0x8ffffffff } as const]
      : []),
  ] as const;
  const platform = [{ start: 0x100000, end: 0x3fffffff, name: "System RAM" }];
  return {
    name: "random",
    title: "Random",
    ram: 2 ** 30,
    hostBridge: { ecam: 0xb0000000, windows },
    platform,
    functions,
  };
}
