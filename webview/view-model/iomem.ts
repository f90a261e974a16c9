/** The lines of /proc/iomem for drawing: filtered, with their size and their place in the line above. */
import type { IomemRow } from "../protocol";
import { placeIn, type Range, sizeText } from "./addresses";

export type IomemKind = "bus" | "function" | "ram" | "reserved" | "other";

export interface IomemLine {
  readonly depth: number;
  /** `40000000-400fffff` */
  readonly range: string;
  readonly name: string;
  readonly size: string;
  readonly kind: IomemKind;
  /** Where the line lies in the line it is nested in, as fractions. */
  readonly place: { readonly x: number; readonly width: number };
}

const pattern = /^([0-9a-f]+)-([0-9a-f]+) : (.*)$/;

function kindOf(name: string): IomemKind {
  if (/^PCI (Bus|ECAM|MMCONFIG)/.test(name)) return "bus";
  if (/^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/.test(name)) return "function";
  if (name === "System RAM") return "ram";
  return /reserved/i.test(name) ? "reserved" : "other";
}

function rangeOf(text: string): { range: Range; name: string } {
  const [, start = "0", end = "0", name = text] = pattern.exec(text) ?? [];
  return { range: { start: BigInt(`0x${start}`), end: BigInt(`0x${end}`) }, name };
}

/** Every line, each measured against the one it is nested in. */
export function iomemLines(rows: readonly IomemRow[]): readonly IomemLine[] {
  const above: Range[] = [];
  return rows.map(({ depth, text }) => {
    const { range, name } = rangeOf(text);
    above.length = Math.min(above.length, depth);
    const parent = above.at(-1) ?? range;
    above.push(range);
    return {
      depth,
      range: text.slice(0, text.length - name.length - 3),
      name,
      size: sizeText(range.end - range.start + 1n),
      kind: kindOf(name),
      place: placeIn(parent, range),
    };
  });
}

/** The lines that contain `words`, and the lines those are nested in. */
export function filterLines(lines: readonly IomemLine[], words: string): readonly IomemLine[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === "") return lines;
  const kept = new Set<IomemLine>();
  const above: IomemLine[] = [];
  for (const line of lines) {
    above.length = Math.min(above.length, line.depth);
    above.push(line);
    if (`${line.range} : ${line.name}`.toLowerCase().includes(wanted)) for (const one of above) kept.add(one);
  }
  return lines.filter((line) => kept.has(line));
}

/** The kernel's own text, for the clipboard: two spaces a level. */
export const iomemText = (lines: readonly IomemLine[]): string =>
  lines.map(({ depth, range, name }) => `${"  ".repeat(depth)}${range} : ${name}\n`).join("");
