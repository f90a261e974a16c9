/** BARs on their addresses: the whole space in one strip, and each crowd of BARs enlarged. */
import type { BarRow, ResourceRow } from "../protocol";
import { overlaps, parseSize, placeIn, type Range } from "./addresses";

export interface Block extends Range {
  readonly label: string;
  readonly title: string;
  readonly kind: "bar" | "window" | "ram";
  /** It does not decode. */
  readonly dead: boolean;
  /** Fractions of the strip. */
  readonly x: number;
  readonly width: number;
}

export interface Strip extends Range {
  /** Windows and RAM, below the BARs. */
  readonly ground: readonly Block[];
  readonly bars: readonly Block[];
}

export interface Ribbon {
  readonly overview: Strip;
  /** Each with its place in the overview. */
  readonly zooms: readonly (Strip & { readonly x: number; readonly width: number })[];
}

type Placed = Omit<Block, "x" | "width">;

const place = (strip: Range, block: Placed): Block => ({ ...block, ...placeIn(strip, block) });

function placedBar(bar: BarRow): readonly Placed[] {
  const size = parseSize(bar.size);
  if (bar.physical === "" || size === 0n || bar.kind.startsWith("I/O")) return [];
  const start = BigInt(bar.physical);
  const title = `${bar.device} ${bar.bar}: ${bar.physical}, ${bar.size}${bar.decoding ? "" : `, ${bar.why || "not decoding"}`}`;
  return [
    {
      start,
      end: start + size - 1n,
      label: `${bar.device} ${bar.bar}`,
      title,
      kind: "bar",
      dead: !bar.decoding,
    },
  ];
}

function ground({ text }: ResourceRow): readonly Placed[] {
  const [, start, end, label = ""] = /^([0-9a-f]+)-([0-9a-f]+) : (System RAM|PCI Bus .*)$/.exec(text) ?? [];
  if (start === undefined || end === undefined) return [];
  const kind = label === "System RAM" ? "ram" : "window";
  return [{ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`), label, title: text, kind, dead: false }];
}

const byStart = (a: Range, b: Range): number => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0);

/** The gap is not much wider than the two are together. */
const near = (a: Range, b: Range): boolean =>
  b.start - a.end <= 16n * (a.end - a.start + 1n + (b.end - b.start + 1n));

/** BARs that are near each other. */
function crowds(bars: readonly Placed[]): readonly Range[] {
  const found: Range[] = [];
  for (const { start, end } of bars) {
    const last = found.at(-1);
    if (!last || !near(last, { start, end })) found.push({ start, end });
    else if (end > last.end) found[found.length - 1] = { start: last.start, end };
  }
  return found;
}

/** The least power of two that is at least `value`, and at least a page. */
function powerOfTwo(value: bigint): bigint {
  let power = 4096n;
  while (power < value) power <<= 1n;
  return power;
}

/** A crowd with some air on both sides, on round addresses, so that what surrounds it is seen. */
function withAir({ start, end }: Range): Range {
  const unit = powerOfTwo((end - start + 1n) / 16n);
  const below = (start / unit) * unit - unit;
  return { start: below > 0n ? below : 0n, end: (end / unit + 2n) * unit - 1n };
}

const strip = (range: Range, bars: readonly Placed[], grounds: readonly Placed[]): Strip => ({
  ...range,
  ground: grounds.filter((one) => overlaps(one, range)).map((one) => place(range, one)),
  bars: bars.filter((one) => overlaps(one, range)).map((one) => place(range, one)),
});

/** Undefined when no memory BAR has an address. Windows that reach beyond the highest BAR and RAM are cut there. */
export function ribbon(bars: readonly BarRow[], iomem: readonly ResourceRow[]): Ribbon | undefined {
  const placed = bars.flatMap(placedBar).sort(byStart);
  if (placed.length === 0) return undefined;
  const grounds = iomem.flatMap(ground);
  const solid = [...placed, ...grounds.filter(({ kind }) => kind === "ram")];
  const highest = solid.reduce((top, { end }) => (end > top ? end : top), 0n);
  const whole = { start: 0n, end: powerOfTwo(highest + 1n) - 1n };
  return {
    overview: strip(whole, placed, grounds),
    zooms: crowds(placed)
      .map(withAir)
      .map((range) => ({ ...strip(range, placed, grounds), ...placeIn(whole, range) })),
  };
}
