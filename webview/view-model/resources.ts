/** The lines of /proc/iomem and /proc/ioports for drawing: filtered, with their size and their place in the line above. */
import type { ResourceRow } from "../protocol";
import { placeIn, type Range, sizeText } from "./addresses";

export type ResourceKind = "bus" | "function" | "ram" | "reserved" | "other";

export interface ResourceLine extends Range {
  readonly depth: number;
  /** `40000000-400fffff`, `c000-c0ff` */
  readonly range: string;
  readonly name: string;
  readonly size: string;
  readonly kind: ResourceKind;
  /** Where the line lies in the line it is nested in, as fractions. */
  readonly place: { readonly x: number; readonly width: number };
}

const pattern = /^([0-9a-f]+)-([0-9a-f]+) : (.*)$/;

function kindOf(name: string): ResourceKind {
  if (/^PCI (Bus|ECAM|MMCONFIG)/.test(name)) return "bus";
  if (/^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(name)) return "function";
  if (name === "System RAM") return "ram";
  return /reserved/i.test(name) ? "reserved" : "other";
}

function rangeOf(text: string): { range: Range; name: string } {
  const [, start = "0", end = "0", name = text] = pattern.exec(text) ?? [];
  return { range: { start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) }, name };
}

export type Unit = "bytes" | "ports";

function extent(count: bigint, unit: Unit): string {
  if (unit === "bytes") return sizeText(count);
  return count === 1n ? "1 port" : `${count} ports`;
}

/** Every line, each measured against the one it is nested in. */
export function resourceLines(rows: readonly ResourceRow[], unit: Unit): readonly ResourceLine[] {
  const above: Range[] = [];
  return rows.map(({ depth, text }) => {
    const { range, name } = rangeOf(text);
    above.length = Math.min(above.length, depth);
    const parent = above.at(-1) ?? range;
    above.push(range);
    return {
      ...range,
      depth,
      range: text.slice(0, text.length - name.length - 3),
      name,
      size: extent(range.end - range.start + 1n, unit),
      kind: kindOf(name),
      place: placeIn(parent, range),
    };
  });
}

/** `0x40000008` as a number; the kernel's own digits without 0x are words. */
const addressIn = (words: string): bigint | undefined =>
  /^0x[0-9a-f]{1,16}$/.test(words) ? BigInt(words) : undefined;

/** The lines that contain `words`, or the address that they are, and the lines those are nested in. */
export function filterLines(lines: readonly ResourceLine[], words: string): readonly ResourceLine[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === "") return lines;
  const address = addressIn(wanted);
  const matches = (line: ResourceLine): boolean =>
    address === undefined
      ? `${line.range} : ${line.name}`.toLowerCase().includes(wanted)
      : line.start <= address && address <= line.end;
  const kept = new Set<ResourceLine>();
  const above: ResourceLine[] = [];
  for (const line of lines) {
    above.length = Math.min(above.length, line.depth);
    above.push(line);
    if (matches(line)) for (const one of above) kept.add(one);
  }
  return lines.filter((line) => kept.has(line));
}

/** Stays the same while the line does. */
export const lineKey = ({ range, name }: ResourceLine): string => `${range} ${name}`;

/** Without what lies in a line that is folded. */
export function foldLines(
  lines: readonly ResourceLine[],
  folded: ReadonlySet<string>,
): readonly ResourceLine[] {
  if (folded.size === 0) return lines;
  let deepest = Number.POSITIVE_INFINITY;
  return lines.filter((line) => {
    if (line.depth > deepest) return false;
    deepest = folded.has(lineKey(line)) ? line.depth : Number.POSITIVE_INFINITY;
    return true;
  });
}

/** The kernel's own text, for the clipboard: two spaces a level. */
export const resourceText = (lines: readonly ResourceLine[]): string =>
  lines.map(({ depth, range, name }) => `${"  ".repeat(depth)}${range} : ${name}\n`).join("");
