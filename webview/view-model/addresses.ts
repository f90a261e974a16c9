/** Addresses and sizes as the protocol prints them, read back as numbers for drawing. */

/** From `start`, `end` included. */
export interface Range {
  readonly start: bigint;
  readonly end: bigint;
}

const scale: Readonly<Record<string, bigint>> = {
  bytes: 1n,
  KiB: 1n << 10n,
  MiB: 1n << 20n,
  GiB: 1n << 30n,
  TiB: 1n << 40n,
};

/** `4 KiB` is 4096; text of another shape is 0. */
export function parseSize(text: string): bigint {
  const [, count = "0", unit = "bytes"] = /^(\d+) (\w+)$/.exec(text) ?? [];
  return BigInt(count) * (scale[unit] ?? 0n);
}

/** The largest unit that divides it evenly, or one decimal of the largest that fits. */
export function sizeText(bytes: bigint): string {
  const [unit, factor] = Object.entries(scale).findLast(([, factor]) => bytes >= factor) ?? ["bytes", 1n];
  if (bytes % factor === 0n) return `${bytes / factor} ${unit}`;
  return `${(Number(bytes) / Number(factor)).toFixed(1)} ${unit}`;
}

export const hex = (value: bigint): string => `0x${value.toString(16)}`;

export const overlaps = (a: Range, b: Range): boolean => a.start <= b.end && b.start <= a.end;

/** Where `inner` lies in `outer`, both as fractions of `outer`, clipped to it. */
export function placeIn(outer: Range, inner: Range): { readonly x: number; readonly width: number } {
  const length = Number(outer.end - outer.start + 1n);
  const clamp = (value: bigint): number => Math.min(1, Math.max(0, Number(value - outer.start) / length));
  const x = clamp(inner.start);
  return { x, width: clamp(inner.end + 1n) - x };
}
