/**
 * A machine from what a real one printed: configuration spaces, and as much of /proc/iomem, /proc/ioports, sysfs
 * `resource` and the kernel's log as there is. What no text holds is inferred and marked as assumed.
 * Not modelled: SR-IOV functions without a configuration space of their own.
 */
import { digits, hex } from "../core/hex";
import { type BootFacts, type ProbedBar, parseDmesg } from "../formats/dmesg";
import { type DumpedFunction, hasBytes, parseDump } from "../formats/dump";
import { isVerbose, readVerbose } from "../formats/lspci/read-verbose";
import { fewNames, type PciNames } from "../formats/pci-names";
import { claimedOf, type ProcRange, parseProc, parseResources, platformOf } from "../formats/proc";
import { PCI_OPTION_NAMES } from "../linux/pci-options";
import { formatBdf } from "../pci/bdf";
import { ECAM_BYTES } from "../pci/config-access";
import type {
  FunctionDescription,
  HostBridgeDescription,
  MachineDescription,
  PlatformRange,
  RecordedBar,
  WindowDescription,
} from "./description";
import { probedBars, recordedBars, romSize } from "./recorded-bars";
import { firmwareLines } from "./recorded-firmware";
import { type Root, windowsOf } from "./recorded-windows";

/** The texts of a folder; only the dump is needed. */
export interface ImportTexts {
  readonly name: string;
  /** What `lspci -xxxx`, `-vvv` or both printed. */
  readonly dump: string;
  /** To find identifiers where the dump has only names. */
  readonly names?: PciNames;
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
const FAR_ECAM = 2 ** 44;
/** Linux needs room for itself. */
const LEAST_RAM = 128 * MIB;
const LARGEST_RAM = 2 ** 40;

export function importMachine(texts: ImportTexts): MachineDescription {
  const read = readFunctions(texts);
  const functions = read.functions.filter(isPresent);
  if (!functions.length)
    throw new ImportError("Every function of the dump reads all ones: there is nothing in it");
  const iomem = parseProc(texts.iomem ?? "");
  const ioports = parseProc(texts.ioports ?? "");
  const facts = parseDmesg(texts.dmesg ?? "");
  const resources = texts.resources === undefined ? read.resources : parseResources(texts.resources);
  const claims = facts.claims.map(({ bdf, start, end }) => ({ start, end, name: bdf }));
  refuseDoubles(functions);
  const tree = buildTree(functions, { facts, resources });
  const first = tree.roots.find((root) => tree.below(root).length > 0) ?? BUS_0;
  const windows = windowsOf({ facts, iomem, ioports, functions }, first);
  const others = tree.roots.filter((root) => !isFirst(root));
  return {
    name: texts.name,
    title: `Imported: ${functions.length} functions`,
    ram: ramOf(iomem),
    hostBridge: { ecam: hex(ecamOf(iomem, 0)), windows: windows(BUS_0) },
    platform: platformOf(iomem).map(described),
    ports: [...claims, ...platformOf(ioports)].map(described),
    claimed: claimedOf(iomem).map(described),
    claimedPorts: claimedOf(ioports).map(described),
    ...pciOptions(facts),
    functions: tree.below(BUS_0),
    ...(others.length && { hostBridges: others.map((root) => hostBridge(root, { tree, windows, iomem })) }),
  };
}

const BUS_0: Root = { segment: 0, bus: 0 };

function isFirst({ segment, bus }: Root): boolean {
  return segment === 0 && bus === 0;
}

interface Recorded {
  readonly tree: Tree;
  readonly windows: (root: Root) => WindowDescription[];
  readonly iomem: readonly ProcRange[];
}

function hostBridge(root: Root, { tree, windows, iomem }: Recorded): HostBridgeDescription {
  const { segment, bus } = root;
  return {
    bus,
    ...(segment && { segment, ecam: hex(ecamOf(iomem, segment)) }),
    windows: windows(root),
    functions: tree.below(root),
  };
}

interface ReadFunctions {
  readonly functions: readonly DumpedFunction[];
  readonly resources: ReadonlyMap<string, readonly string[]>;
}

/** Configuration spaces win over words; sizes are only in words. */
function readFunctions({ dump, names = fewNames }: ImportTexts): ReadFunctions {
  if (!isVerbose(dump)) return { functions: parseDump(dump), resources: new Map() };
  const verbose = readVerbose(dump, names);
  return hasBytes(dump) ? { functions: parseDump(dump), resources: verbose.resources } : verbose;
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

/** Of a segment; where no map says it, far from everything else. */
function ecamOf(iomem: readonly ProcRange[], segment: number): number {
  const name = new RegExp(`^PCI (MMCONFIG|ECAM) ${digits(segment, 4)} `);
  return (
    iomem.find((it) => name.test(it.name))?.start ??
    (segment ? FAR_ECAM + segment * ECAM_BYTES : DEFAULT_ECAM)
  );
}

/** Those of the command line that decide about addresses. */
function pciOptions({ pci }: BootFacts): Pick<MachineDescription, "pci"> {
  const known = pci.filter((option) => PCI_OPTION_NAMES.includes(option.split("=", 1)[0] ?? ""));
  return known.length ? { pci: known.join(",") } : {};
}

interface Known {
  readonly facts: BootFacts;
  readonly resources: ReadonlyMap<string, readonly string[]>;
}

interface Tree {
  /** Buses that no bridge leads to, bus 0 of segment 0 first. */
  readonly roots: readonly Root[];
  readonly below: (root: Root) => FunctionDescription[];
}

const DEEPEST = 255;

function buildTree(functions: readonly DumpedFunction[], known: Known): Tree {
  const bridges = new Set(functions.filter((fn) => ((fn.bytes[0x0e] ?? 0) & 0x7f) === 1 && leadsDown(fn)));
  const below = ({ segment, bus }: Root, depth: number): FunctionDescription[] => {
    if (depth > DEEPEST)
      throw new ImportError("The buses of this dump go round in a circle: a bridge leads to a bus above it");
    return functions
      .filter((fn) => fn.bdf.bus === bus && fn.bdf.segment === segment)
      .map((fn) =>
        describe(fn, {
          known,
          below: bridges.has(fn) ? below({ segment, bus: secondaryOf(fn) }, depth + 1) : undefined,
        }),
      );
  };
  const key = (segment: number, bus: number) => segment * 256 + bus;
  const reached = new Set([...bridges].map((fn) => key(fn.bdf.segment, secondaryOf(fn))));
  const buses = new Set([0, ...functions.map(({ bdf }) => key(bdf.segment, bdf.bus))]);
  const roots = [...buses].filter((it) => !reached.has(it)).sort((a, b) => a - b);
  return {
    roots: roots.map((it) => ({ segment: Math.floor(it / 256), bus: it % 256 })),
    below: (root) => below(root, 0),
  };
}

function secondaryOf({ bytes }: DumpedFunction): number {
  return bytes[0x19] ?? 0;
}

function leadsDown(fn: DumpedFunction): boolean {
  return secondaryOf(fn) > fn.bdf.bus;
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
