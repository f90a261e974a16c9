/** A page walk as one picture: which bits of the virtual address chose which entry. */
import type { HopRow } from "../protocol-explain";

/** Hops as they are drawn: page-table levels that follow each other are one walk. */
export type Stage =
  | { readonly kind: "hop"; readonly hop: HopRow }
  | { readonly kind: "walk"; readonly levels: readonly HopRow[] };

export function stages(hops: readonly HopRow[]): readonly Stage[] {
  const all: Stage[] = [];
  for (const hop of hops) {
    const last = all.at(-1);
    if (hop.kind !== "page-table") all.push({ kind: "hop", hop });
    else if (last?.kind === "walk") all[all.length - 1] = { kind: "walk", levels: [...last.levels, hop] };
    else all.push({ kind: "walk", levels: [hop] });
  }
  return all;
}

/** Bits of a virtual address that index one level, or the offset in the page. */
export interface Slice {
  readonly name: string;
  readonly msb: number;
  readonly lsb: number;
  readonly value: string;
}

const indexBits = 9;

/** `PUD (page of 1 GiB)` is the PUD. */
const levelName = (title: string): string => title.split(" ")[0] ?? title;

/** Bits 47 to 0 of `address`: nine for each level that was walked, the rest is the offset. */
export function slices(address: string, levels: readonly HopRow[]): readonly Slice[] {
  const bits = BigInt.asUintN(48, BigInt(address));
  const indexes = levels.map(({ title }, depth) => {
    const lsb = 48 - indexBits * (depth + 1);
    const value = String(BigInt.asUintN(indexBits, bits >> BigInt(lsb)));
    return { name: levelName(title), msb: lsb + indexBits - 1, lsb, value };
  });
  const left = 48 - indexBits * levels.length;
  const offset = `0x${BigInt.asUintN(left, bits).toString(16)}`;
  return [...indexes, { name: "offset", msb: left - 1, lsb: 0, value: offset }];
}
