/**
 * The text of a watchpoint: `TARGET [r|w|rw] [change] [once] [hit COUNT] [log] [group NAME] [if CONDITION]`.
 *
 * Targets: `edu` (a whole device), `edu.BAR0`, `edu.FACTORIAL`, `edu.STATUS.COMPUTING`, `edu.config.COMMAND`,
 * `0x40000008+4` (physical, or virtual when canonical-high), `bus:0x40000008+4`, `port:0x3f8+8`, and a DMA buffer by its
 * handle: `iova@edu:0xfffff000+4096`.
 * `once` with a device or a BAR is "break on first touch". COUNT is `5`, `>=5`, `>5`, `<5`, `<=5` or `%5`.
 */
import { parseNumber } from "../core/hex";
import { type Condition, parseCondition } from "./watch-condition";

export type WatchTarget =
  | { readonly kind: "register"; readonly name: string }
  | { readonly kind: "bar"; readonly device: string; readonly index: number }
  | { readonly kind: "device"; readonly name: string }
  | { readonly kind: "address" | "bus" | "port"; readonly address: bigint; readonly bytes: number }
  /** Memory as a device addresses it: a DMA buffer by its handle. */
  | { readonly kind: "iova"; readonly device: string; readonly address: bigint; readonly bytes: number };

export interface WatchSpec {
  readonly target: WatchTarget;
  readonly read: boolean;
  readonly write: boolean;
  /** Only where a value becomes another one, whoever makes it so. */
  readonly change: boolean;
  readonly once: boolean;
  readonly log: boolean;
  readonly group?: string;
  /** Whether the n-th match, from 1, is one to tell of. */
  readonly counts?: (hit: number) => boolean;
  readonly condition?: Condition;
}

const GRAMMAR = 'a watchpoint reads "edu.FACTORIAL w" or "0x40000008+4 rw once if $value == 5"';
const SIZE_LIMIT = 2 ** 31;
const PORTS = 0x10000n;
const COUNT = /^(>=|<=|>|<|=|==|%)?([1-9]\d*)$/;

type Mutable = { -readonly [K in keyof WatchSpec]: WatchSpec[K] };
type Words = string[];

/** The spec, or a sentence that says what is wrong. Without an access, both reads and writes are watched. */
export function parseWatch(text: string): WatchSpec | string {
  const [, head = "", , condition] = /^(.*?)(\sif\s(.*))?$/s.exec(` ${text.trim()}`) ?? [];
  const [name = "", ...words] = head.trim().split(/\s+/);
  const target = parseTarget(name);
  if (typeof target === "string") return target;
  const spec: Mutable = { target, read: true, write: true, change: false, once: false, log: false };
  while (words.length) {
    const problem = parseWord(spec, words);
    if (problem) return problem;
  }
  if (condition === undefined) return spec;
  const parsed = parseCondition(condition);
  return typeof parsed === "string" ? parsed : { ...spec, condition: parsed };
}

/** Takes the first word, and its argument, into the spec. */
function parseWord(spec: Mutable, words: Words): string | undefined {
  const word = words.shift() ?? "";
  if (/^(r|w|rw|wr)$/.test(word)) {
    spec.read = word.includes("r");
    spec.write = word.includes("w");
  } else if (word === "change" || word === "once" || word === "log") spec[word] = true;
  else if (word === "group") return parseGroup(spec, words.shift());
  else if (word === "hit") return parseCount(spec, words.shift());
  else return `Cannot read "${word}" after the target: ${GRAMMAR}`;
  return undefined;
}

function parseGroup(spec: Mutable, name: string | undefined): string | undefined {
  if (name === undefined) return `Cannot read a group without a name: ${GRAMMAR}`;
  spec.group = name;
  return undefined;
}

function parseCount(spec: Mutable, text = ""): string | undefined {
  const [, sign = "==", digits] = COUNT.exec(text) ?? [];
  if (digits === undefined)
    return `Cannot read "${text}" as a hit count: write a number, or one of > >= < <= % and a number`;
  const count = Number(digits);
  const rules: Record<string, (hit: number) => boolean> = {
    ">=": (hit) => hit >= count,
    "<=": (hit) => hit <= count,
    ">": (hit) => hit > count,
    "<": (hit) => hit < count,
    "%": (hit) => hit % count === 0,
  };
  spec.counts = rules[sign] ?? ((hit) => hit === count);
  return undefined;
}

/** A device by its name; an imported function is called by its address. */
const NAME = "[A-Za-z][\\w-]*|[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]";
const DEVICE = new RegExp(`^(?:${NAME})$`);
const IOVA = new RegExp(`^iova@(${NAME}|[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]):(.*)$`);
const BAR = new RegExp(`^(${NAME})\\.BAR([0-6])$`);
const REGISTER = new RegExp(`^(?:${NAME})(?:\\.config)?\\.\\w+(?:\\.\\w+)?$`);

function parseTarget(text: string): WatchTarget | string {
  const [, of, there = ""] = IOVA.exec(text) ?? [];
  if (of !== undefined) return parseIova(text, of, there);
  const [, space, range = text] = /^(port|bus):(.*)$/.exec(text) ?? [];
  const [start = "", size] = range.split("+");
  const address = parseNumber(start);
  if (address !== undefined)
    return parseRange(address, { size, kind: (space ?? "address") as "address" | "bus" | "port" });
  const [, device, index] = BAR.exec(text) ?? [];
  if (device !== undefined) return { kind: "bar", device, index: Number(index) };
  if (REGISTER.test(text)) return { kind: "register", name: text };
  if (DEVICE.test(text)) return { kind: "device", name: text };
  return `Cannot read "${text}" as a device, a register or an address: ${GRAMMAR}`;
}

function parseIova(text: string, device: string, range: string): WatchTarget | string {
  const parsed = parseTarget(range);
  if (typeof parsed === "string") return parsed;
  if (parsed.kind !== "address") return `Cannot read "${text}" as an address of a device: ${GRAMMAR}`;
  return { ...parsed, kind: "iova", device };
}

function parseRange(
  address: bigint,
  { size, kind }: { size: string | undefined; kind: "address" | "bus" | "port" },
): WatchTarget | string {
  const bytes = size === undefined ? 4n : parseNumber(size);
  if (bytes === undefined || bytes < 1n || bytes > SIZE_LIMIT)
    return `Cannot watch "${size}" bytes: ${GRAMMAR}`;
  if (kind === "port" && address + bytes > PORTS)
    return "Cannot watch beyond port 0xffff: there are 65,536 ports";
  return { kind, address, bytes: Number(bytes) };
}
