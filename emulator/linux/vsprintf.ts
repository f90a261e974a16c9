/** The kernel's format strings, as far as drivers use them (lib/vsprintf.c). Unknown directives print as they stand. */
import { formatResource, Resource } from "./resource";

const DIRECTIVE = /%([-+ #0]*)(\d*)(?:\.(\d+))?(hh|h|ll|l|z|t)?(pR|pad|pa|[dDiuxXoscp%])/g;

export function vsprintf(format: string, values: readonly unknown[]): string {
  let next = 0;
  return format.replaceAll(DIRECTIVE, (...match: unknown[]) => {
    const [, flags = "", width = "", precision, , kind = ""] = match as string[];
    if (kind === "%") return "%";
    if (next >= values.length) return `%!${kind}(missing)`;
    const text = directive(kind, values[next++], { flags, precision });
    return pad(text, flags, Number(width || 0));
  });
}

interface Options {
  readonly flags: string;
  readonly precision: string | undefined;
}

function directive(kind: string, value: unknown, { flags, precision }: Options): string {
  if (kind === "s") return String(value).slice(0, precision === undefined ? undefined : Number(precision));
  if (kind === "c") return typeof value === "number" ? String.fromCharCode(value) : String(value);
  if (kind === "pR") return value instanceof Resource ? formatResource(value) : String(value);
  if (kind.startsWith("p")) return integer("x", value, { flags: "", precision: "16" });
  return integer(kind, value, { flags, precision });
}

function integer(kind: string, value: unknown, { flags, precision = "0" }: Options): string {
  if (typeof value !== "number" && typeof value !== "bigint") return String(value);
  const number = BigInt(typeof value === "number" ? Math.trunc(value) : value);
  const bits = number < -(1n << 31n) || number >= 1n << 32n ? 64 : 32;
  if (kind === "d" || kind === "i" || kind === "D") return number.toString();
  const unsigned = BigInt.asUintN(bits, number);
  if (kind === "u") return unsigned.toString();
  const digits = unsigned.toString(kind === "o" ? 8 : 16).padStart(Number(precision), "0");
  const text = `${flags.includes("#") && kind !== "o" ? "0x" : ""}${digits}`;
  return kind === "X" ? text.toUpperCase() : text;
}

function pad(text: string, flags: string, width: number): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0")) return text.padStart(width);
  const prefix = text.startsWith("0x") ? "0x" : text.startsWith("-") ? "-" : "";
  return prefix + text.slice(prefix.length).padStart(width - prefix.length, "0");
}
