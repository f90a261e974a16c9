/** What `lspci` prints (pciutils 3.9.0: lspci.c, ls-tree.c), in the forms without `-v`. */
import type { FunctionView } from "../machine/views";

export interface LspciOptions {
  /** `-n`: numbers only; `-nn`: names and numbers. */
  readonly numbers: "none" | "only" | "both";
  /** `-D`: the domain always. */
  readonly domain: boolean;
}

/** A line a function, by address. */
export function formatLspci(
  functions: readonly FunctionView[],
  options: LspciOptions = { numbers: "none", domain: false },
): string {
  return byAddress(functions)
    .map((it) => `${terse(it, options)}\n`)
    .join("");
}

function byAddress(functions: readonly FunctionView[]): readonly FunctionView[] {
  return functions.toSorted((a, b) => (a.bdf < b.bdf ? -1 : 1));
}

function terse(
  { bdf, className, title, revision, ...ids }: FunctionView,
  { numbers, domain }: LspciOptions,
): string {
  const rev = revision ? ` (rev ${hex(revision, 2)})` : "";
  const [kind, id] = [hex(ids.classCode >>> 8, 4), `${ids.vendor}:${ids.device}`];
  const where = addressOf(bdf, domain);
  if (numbers === "only") return `${where} ${kind}: ${id}${rev}`;
  if (numbers === "none") return `${where} ${className}: ${title}${rev}`;
  return `${where} ${className} [${kind}]: ${title.replace(` ${id}`, "")} [${id}]${rev}`;
}

function addressOf(bdf: string, domain: boolean): string {
  return domain ? bdf : bdf.replace(/^0000:/, "");
}

/** `lspci -n -mm`: for scripts, in numbers. */
export function formatMachineReadable(
  functions: readonly FunctionView[],
  { domain }: { readonly domain: boolean },
): string {
  return byAddress(functions)
    .map((it) => `${machineReadable(it, domain)}\n`)
    .join("");
}

function machineReadable(
  { bdf, classCode, vendor, device, revision, subsystem }: FunctionView,
  domain: boolean,
): string {
  const rev = revision ? ` -r${hex(revision, 2)}` : "";
  const [maker, model] = subsystem ?? ["", ""];
  return `${addressOf(bdf, domain)} "${hex(classCode >>> 8, 4)}" "${vendor}" "${device}"${rev} -p${hex(classCode & 0xff, 2)} "${maker}" "${model}"`;
}

/** `lspci -t`: the tree; with names (`-tv`) of what is no bridge. */
export function formatTree(all: readonly FunctionView[], { names }: { readonly names: boolean }): string {
  const functions = names ? all : all.map((it) => ({ ...it, title: "" }));
  const roots = functions.filter(({ parent }) => parent === undefined);
  const numbers = [...new Set(roots.map(({ bdf }) => bdf.slice(0, 7)))];
  const lines = numbers.flatMap((bus, index) => {
    const joint = numbers.length === 1 ? "" : index === numbers.length - 1 ? "\\-" : "+-";
    return busLines(functions, { prefix: `-${joint}[${bus}]-`, bus });
  });
  return lines
    .map((line, index) => `${numbers.length > 1 && index ? line.replace(/^-/, " ") : line}\n`)
    .join("");
}

interface BusPlace {
  /** What stands before it in its first line. */
  readonly prefix: string;
  /** `0000:00` */
  readonly bus: string;
}

function busLines(functions: readonly FunctionView[], { prefix, bus }: BusPlace): string[] {
  const here = byAddress(functions.filter(({ bdf }) => bdf.startsWith(`${bus}:`)));
  const [only] = here;
  if (!only) return [prefix];
  if (here.length === 1) return deviceLines(functions, only, `${prefix}--`);
  return here.flatMap((device, index) => {
    const start = index === 0 ? prefix : blank(prefix);
    return deviceLines(functions, device, `${start}${index === here.length - 1 ? "\\-" : "+-"}`);
  });
}

/** A device; a bridge goes on with what is below it, whose further lines keep the place. */
function deviceLines(
  functions: readonly FunctionView[],
  { bdf, buses, title }: FunctionView,
  prefix: string,
): string[] {
  const label = `${prefix}${bdf.slice(-4)}`;
  if (!buses) return [title ? `${label}  ${title}` : label];
  const [secondary, subordinate] = buses;
  const range = secondary === subordinate ? hex(secondary, 2) : `${hex(secondary, 2)}-${hex(subordinate, 2)}`;
  const bus = `${bdf.slice(0, 5)}${hex(secondary, 2)}`;
  return busLines(functions, { prefix: `${label}-[${range}]--`, bus });
}

/** The line above continues where a branch follows; elsewhere there is nothing. */
function blank(prefix: string): string {
  return prefix.replace(/[^+|]/g, " ").replaceAll("+", "|");
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
