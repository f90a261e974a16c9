/** Lines of /proc/iomem as areas in areas: what lies in what, and the holes between. Every line gets room, whatever its size. */
import { hex, type Range, sizeText } from "./addresses";
import type { ResourceKind, ResourceLine } from "./resources";

export interface Area {
  /** Its line's number; a hole has none. */
  readonly line?: number;
  readonly kind: ResourceKind | "hole";
  readonly label: string;
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Frame {
  /** The line to fill the map with; undefined for all of it. */
  readonly focus: number | undefined;
  readonly width: number;
  readonly height: number;
}

interface Branch {
  readonly line: ResourceLine;
  readonly index: number;
  readonly below: readonly Branch[];
  /** How much room it asks for, one line of text being 1. */
  readonly weight: number;
}

/** What lies in a range, in order: branches and the holes between them. */
type Part = Branch | Range;

const holeWeight = 0.45;
const inset = 9;
const header = 15;
/** Lower than this, what lies inside is not drawn. */
const leastHeight = 7;

const isBranch = (part: Part): part is Branch => "line" in part;
const weightOf = (part: Part): number => (isBranch(part) ? part.weight : holeWeight);
const total = (parts: readonly Part[]): number => parts.reduce((sum, part) => sum + weightOf(part), 0);

function withHoles(range: Range, branches: readonly Branch[]): readonly Part[] {
  const parts: Part[] = [];
  let next = range.start;
  for (const branch of branches) {
    if (branch.line.start > next) parts.push({ start: next, end: branch.line.start - 1n });
    parts.push(branch);
    if (branch.line.end >= next) next = branch.line.end + 1n;
  }
  if (next <= range.end && branches.length > 0) parts.push({ start: next, end: range.end });
  return parts;
}

/** The branches of `depth` from line `from` on, and where they end. */
function grow(
  lines: readonly ResourceLine[],
  from: number,
  depth: number,
): readonly [readonly Branch[], number] {
  const branches: Branch[] = [];
  let index = from;
  for (let line = lines[index]; line && line.depth >= depth; line = lines[index]) {
    const [below, next] = grow(lines, index + 1, line.depth + 1);
    const inside = below.length > 0 ? 1.1 + total(withHoles(line, below)) : 1;
    branches.push({ line, index, below, weight: Math.max(1, inside) });
    index = next;
  }
  return [branches, index];
}

function find(branches: readonly Branch[], index: number): Branch | undefined {
  for (const branch of branches) {
    const found = branch.index === index ? branch : find(branch.below, index);
    if (found) return found;
  }
  return undefined;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const textOf = ({ range, name }: ResourceLine): string => `${range} : ${name}`;

function hole({ start, end }: Range, place: Place): Area {
  const size = sizeText(end - start + 1n);
  const title = `${hex(start)} to ${hex(end)}: nothing, ${size}`;
  return { kind: "hole", label: size, title, ...place };
}

function drawn(branch: Branch, place: Place): readonly Area[] {
  const { line, index, below } = branch;
  const own: Area = {
    line: index,
    kind: line.kind,
    label: line.name,
    title: `${textOf(line)} (${line.size})`,
    ...place,
  };
  const inside = {
    x: place.x + inset,
    y: place.y + header,
    width: place.width - inset - 3,
    height: place.height - header - 3,
  };
  return inside.height < leastHeight ? [own] : [own, ...filled(withHoles(line, below), inside)];
}

/** Parts from top to bottom; of parts thinner than a pixel only some are drawn. */
function filled(parts: readonly Part[], { x, y, width, height }: Place): readonly Area[] {
  const unit = height / Math.max(1, total(parts));
  const areas: Area[] = [];
  let top = y;
  let seen = y - 1;
  for (const part of parts) {
    const own = weightOf(part) * unit;
    const place = { x, y: top, width, height: Math.max(1, own - 1) };
    if (top >= seen + 1 || own >= 1) {
      areas.push(...(isBranch(part) ? drawn(part, place) : [hole(part, place)]));
      seen = top;
    }
    top += own;
  }
  return areas;
}

/** The map of `lines` in a frame of pixels, outer areas before inner ones. */
export function resourceMap(
  lines: readonly ResourceLine[],
  { focus, width, height }: Frame,
): readonly Area[] {
  const [roots] = grow(lines, 0, 0);
  const chosen = focus === undefined ? undefined : find(roots, focus);
  if (chosen) return drawn(chosen, { x: 0, y: 0, width, height });
  let last = 0n;
  for (const { end } of lines) if (end > last) last = end;
  return filled(withHoles({ start: 0n, end: last }, roots), { x: 0, y: 0, width, height });
}
