/**
 * A machine from what a real one printed: configuration spaces, and as much of /proc/iomem, /proc/ioports, sysfs
 * `resource` and the kernel's log as there is. What no text holds is inferred and marked as assumed.
 * Not modelled: several segments, SR-IOV functions without a configuration space of their own.
 */
import { hex } from "../core/hex";
import { type BootFacts, type ProbedBar, parseDmesg } from "../formats/dmesg";
import { type DumpedFunction, parseDump } from "../formats/dump";
import { claimedOf, type ProcRange, parseProc, parseResources, platformOf } from "../formats/proc";
import { PCI_OPTION_NAMES } from "../linux/pci-options";
import { formatBdf } from "../pci/bdf";
import type {
  FunctionDescription,
  MachineDescription,
  PlatformRange,
  RecordedBar,
  WindowDescription,
} from "./description";
import { probedBars, recordedBars, romSize } from "./recorded-bars";
import { firmwareLines } from "./recorded-firmware";

/** The texts of a folder; only the dump is needed. */
export interface ImportTexts {
  readonly name: string;
  readonly dump: string;
  readonly iomem?: string | undefined;
  readonly ioports?: string | undefined;
  readonly resources?: string | undefined;
  readonly dmesg?: string | undefined;
}

/** The texts do not make a machine; the message is a sentence. */
export class ImportError extends Error {}

const MIB = 2 ** 20;
const FOUR_GIB = 2 ** 32;
const DEFAULT_ECAM = 0xb0000000;
/** Linux needs room for itself. */
const LEAST_RAM = 128 * MIB;
const LARGEST_RAM = 2 ** 40;

export function importMachine(texts: ImportTexts): MachineDescription {
  const functions = parseDump(texts.dump).filter(isPresent);
  const iomem = parseProc(texts.iomem ?? "");
  const ioports = parseProc(texts.ioports ?? "");
  const facts = parseDmesg(texts.dmesg ?? "");
  const resources = parseResources(texts.resources ?? "");
  const claims = facts.claims.map(({ bdf, start, end }) => ({ start, end, name: bdf }));
  refuseDoubles(functions);
  const tree = buildTree(functions, { facts, resources });
  const windows = windowsOf(facts, { iomem, ioports });
  const others = tree.roots.filter((bus) => bus !== 0);
  return {
    name: texts.name,
    title: `Imported: ${functions.length} functions`,
    ram: ramOf(iomem),
    hostBridge: { ecam: hex(ecamOf(iomem)), windows: windows(0) },
    platform: platformOf(iomem).map(described),
    ports: [...claims, ...platformOf(ioports)].map(described),
    claimed: claimedOf(iomem).map(described),
    claimedPorts: claimedOf(ioports).map(described),
    ...pciOptions(facts),
    functions: tree.below(0),
    ...(others.length && {
      hostBridges: others.map((bus) => ({ bus, windows: windows(bus), functions: tree.below(bus) })),
    }),
  };
}

function refuseDoubles(functions: readonly DumpedFunction[]): void {
  const seen = new Set<string>();
  for (const { bdf } of functions) {
    const name = formatBdf(bdf);
    if (seen.has(name)) throw new ImportError(`${name} is in the dump twice`);
    seen.add(name);
  }
}

/** A function that reads all ones is not there. */
function isPresent({ bytes }: DumpedFunction): boolean {
  return (bytes[0] ?? 0xff) !== 0xff || (bytes[1] ?? 0xff) !== 0xff;
}

function described({ start, end, name }: ProcRange): PlatformRange {
  return { start: hex(start), end: hex(end), name };
}

/** RAM up to its highest byte: what lies above 4 GiB follows what lies below. */
function ramOf(iomem: readonly ProcRange[]): number {
  const ram = iomem.filter(({ name }) => name === "System RAM");
  if (!ram.length) return 1024 * MIB;
  const end = (ranges: readonly ProcRange[]) =>
    Math.max(0, ...ranges.map((it) => Math.ceil((it.end + 1) / MIB) * MIB));
  const low = end(ram.filter((it) => it.start < FOUR_GIB));
  const high = Math.max(0, end(ram.filter((it) => it.start >= FOUR_GIB)) - FOUR_GIB);
  if (low + high > LARGEST_RAM) throw new ImportError("More than 1 TiB of RAM cannot be imported");
  return Math.max(LEAST_RAM, low + high);
}

function ecamOf(iomem: readonly ProcRange[]): number {
  return iomem.find(({ name }) => /^PCI (MMCONFIG|ECAM) /.test(name))?.start ?? DEFAULT_ECAM;
}

/** Those of the command line that decide about addresses. */
function pciOptions({ pci }: BootFacts): Pick<MachineDescription, "pci"> {
  const known = pci.filter((option) => PCI_OPTION_NAMES.includes(option.split("=", 1)[0] ?? ""));
  return known.length ? { pci: known.join(",") } : {};
}

/** The log's windows; without a log, the lines of the root bus; without those, a PC's usual ones. */
function windowsOf(
  { windows }: BootFacts,
  { iomem, ioports }: { iomem: readonly ProcRange[]; ioports: readonly ProcRange[] },
): (bus: number) => WindowDescription[] {
  const lines = (ranges: readonly ProcRange[], kind: "io" | "memory") =>
    ranges.flatMap(({ start, end, name }) => {
      const [, digits] = /^PCI Bus 0000:([0-9a-f]{2})$/.exec(name) ?? [];
      return digits === undefined ? [] : [{ kind, start, end, offset: 0, bus: Number.parseInt(digits, 16) }];
    });
  const found = windows.length ? windows : [...lines(ioports, "io"), ...lines(iomem, "memory")];
  const chosen = found.length ? found : USUAL_WINDOWS;
  return (root) =>
    chosen
      .filter(({ bus }) => bus === root)
      .map(({ kind, start, end, offset }) => ({
        kind,
        start: hex(start),
        end: hex(end),
        ...(offset && { offset: hex(offset) }),
      }));
}

const USUAL_WINDOWS = [
  { kind: "io", start: 0, end: 0xcf7, offset: 0, bus: 0 },
  { kind: "io", start: 0xd00, end: 0xffff, offset: 0, bus: 0 },
  { kind: "memory", start: 0xc0000000, end: 0xfebfffff, offset: 0, bus: 0 },
] as const;

interface Known {
  readonly facts: BootFacts;
  readonly resources: ReadonlyMap<string, readonly string[]>;
}

interface Tree {
  /** Buses that no bridge leads to. */
  readonly roots: readonly number[];
  readonly below: (bus: number) => FunctionDescription[];
}

function buildTree(functions: readonly DumpedFunction[], known: Known): Tree {
  const secondary = (fn: DumpedFunction) => fn.bytes[0x19] ?? 0;
  const bridges = functions.filter((fn) => ((fn.bytes[0x0e] ?? 0) & 0x7f) === 1);
  const below = (bus: number, depth: number): FunctionDescription[] => {
    if (depth > 255)
      throw new ImportError("The buses of this dump go round in a circle: a bridge leads to a bus above it");
    return functions
      .filter((fn) => fn.bdf.bus === bus)
      .map((fn) =>
        describe(fn, {
          known,
          below: bridges.includes(fn) && secondary(fn) > bus ? below(secondary(fn), depth + 1) : undefined,
        }),
      );
  };
  const far = functions.find((fn) => fn.bdf.segment !== 0);
  if (far)
    throw new ImportError(
      `${formatBdf(far.bdf)} is on another segment than 0000: several segments cannot be imported yet`,
    );
  const reached = new Set(bridges.filter((it) => secondary(it) > it.bdf.bus).map(secondary));
  const buses = new Set([0, ...functions.map(({ bdf }) => bdf.bus)]);
  return { roots: [...buses].filter((bus) => !reached.has(bus)), below: (bus) => below(bus, 0) };
}

function describe(
  { bdf, bytes }: DumpedFunction,
  { known, below }: { known: Known; below: FunctionDescription[] | undefined },
): FunctionDescription {
  const name = formatBdf(bdf);
  const lines = known.resources.get(name);
  const probed: ReadonlyMap<number, ProbedBar> = known.facts.bars.get(name) ?? new Map<number, ProbedBar>();
  const bars: readonly RecordedBar[] = recordedBars(bytes, { lines, probed });
  const vfBars = probedBars(known.facts.vfBars.get(name));
  const rom = romSize({ lines, probed });
  const firmware = firmwareLines(probed, {
    windows: known.facts.bridges.get(name),
    shadow: known.facts.shadowed.get(name),
  });
  return {
    at: `${bdf.device.toString(16).padStart(2, "0")}.${bdf.function}`,
    device: "recorded",
    name: name.replace(/^0000:/, ""),
    config: [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    bars,
    ...(vfBars.length && { vfBars }),
    ...(rom && { rom }),
    ...(lines && { resources: lines }),
    ...(firmware.length && { firmware }),
    ...(below && { below }),
  };
}
