/** The words of a search through the bus trace, made into a question that millions of records answer quickly. */
import { KINDS, STATUSES } from "../core/transaction";
import { kindIn, requesterIn, statusIn } from "../pci/bus-trace";
import type { PciFunction } from "../pci/function";
import type { Machine } from "./machine";
import { LANES, type Lane, type TraceFilter } from "./trace-views";
import { parseWatch } from "./watch-spec";
import { type Range, resolve } from "./watch-target";

/** One record of the ring, as BusTrace packs it. Positional: it is asked for each. */
export type Asked = (code: number, place: number) => boolean;

export interface Wanted {
  readonly record: Asked;
  /** The same question to what is no transaction: an interrupt, a line of the log. */
  readonly beside: (lane: Lane, text: string) => boolean;
}

const MESSAGES = { start: 0xfee0_0000, end: 0xfef0_0000 };
const FIRST_PORT = KINDS.indexOf("IORd");
const FIRST_CONFIG = KINDS.indexOf("CfgRd0");
const POSTED = STATUSES.length;

const indexOf = (lane: Lane): number => LANES.indexOf(lane);
const [MMIO, PORT, CONFIG, DMA, INTERRUPT] = (["mmio", "port", "config", "dma", "interrupt"] as const).map(
  indexOf,
) as [number, number, number, number, number];

/** Index in LANES. A function's write to where messages go is an interrupt. */
export function laneOf(code: number, place: number): number {
  const kind = kindIn(code);
  if (kind >= FIRST_CONFIG) return CONFIG;
  if (kind >= FIRST_PORT) return PORT;
  if (requesterIn(code) === 0) return MMIO;
  return place >= MESSAGES.start && place < MESSAGES.end ? INTERRUPT : DMA;
}

/** Where the ECAM places a function. */
function ecamOf(fn: PciFunction | undefined): number | undefined {
  const { place } = fn ?? {};
  return place && place.bus.number * 0x10_0000 + ((place.device << 3) | place.function) * 0x1000;
}

/** The same range as the trace counts places: by kind of request. */
function askedRange(machine: Machine, { space, start, end }: Range): Asked {
  if (space === "memory") return (code, place) => kindIn(code) < FIRST_PORT && place >= start && place < end;
  if (space === "port")
    return (code, place) => LANES[laneOf(code, place)] === "port" && place >= start && place < end;
  const name = space.slice("config:".length);
  const base = ecamOf(machine.root.functions.find((fn) => fn.name === name)) ?? Number.NaN;
  return (code, place) => kindIn(code) >= FIRST_CONFIG && place >= base + start && place < base + end;
}

const any =
  (questions: readonly Asked[]): Asked =>
  (code, place) =>
    questions.some((asked) => asked(code, place));

/** What a device is asked, and what it asks for. */
function ofDevice(machine: Machine, name: string): readonly Asked[] {
  const number = machine.root.fabric.trace.requesterOf(name);
  const found = resolve(machine, { kind: "device", name });
  const own: Asked = (code) => requesterIn(code) === number;
  return [...("ranges" in found ? found.ranges.map((range) => askedRange(machine, range)) : []), own];
}

function askedWord(machine: Machine, word: string): Asked {
  const lower = word.toLowerCase();
  const kind = KINDS.findIndex((one) => one.toLowerCase() === lower);
  if (kind >= 0) return (code) => kindIn(code) === kind;
  const status = STATUSES.findIndex((one) => one.toLowerCase() === lower);
  if (status >= 0) return (code) => statusIn(code) === status;
  const devices = machine.root.functions.map(({ name }) => name).filter((name) => name.includes(word));
  if (devices.length > 0) return any(devices.flatMap((name) => ofDevice(machine, name)));
  const spec = parseWatch(word);
  const found = typeof spec === "string" ? undefined : resolve(machine, spec.target);
  return found && "ranges" in found
    ? any(found.ranges.map((range) => askedRange(machine, range)))
    : () => false;
}

/** What `filter` asks of each record; undefined: nothing, everything matches. */
export function wantedBy(machine: Machine, { lanes, words, failed }: TraceFilter): Wanted | undefined {
  const all = words.split(/\s+/).filter((word) => word !== "");
  if (lanes.length === 0 && all.length === 0 && !failed) return undefined;
  const wantedLanes = new Set(lanes.map(indexOf));
  const questions = all.map((word) => askedWord(machine, word));
  return {
    record: (code, place) =>
      (wantedLanes.size === 0 || wantedLanes.has(laneOf(code, place))) &&
      (!failed || (statusIn(code) !== 0 && statusIn(code) !== POSTED)) &&
      questions.every((asked) => asked(code, place)),
    beside: (lane, text) =>
      (lanes.length === 0 || lanes.includes(lane)) &&
      !failed &&
      all.every((word) => text.toLowerCase().includes(word.toLowerCase())),
  };
}
