/** Two boots side by side, as text. */
import type { AddressView, Comparison, Difference, UnplacedView } from "../machine/boot-views";

const MARK: Readonly<Record<Difference["change"], string>> = {
  moved: "~",
  resized: "~",
  lost: "!",
  placed: "+",
  gone: "-",
  new: "+",
  replaced: "~",
};

/** A line for each difference: `! 0000:01:00.0 BAR 2  0x80000000-0x8fffffff → no place  lost: …`. */
export function formatComparison({ before, after, same, differences }: Comparison): string {
  const width = Math.max(0, ...differences.map(({ what }) => what.length));
  const lines = differences.map((it) => {
    const why = it.why ? `: ${it.why}` : "";
    const ranges = [it.before && rangeOf(it.before), it.after && rangeOf(it.after)].filter(Boolean);
    return `${MARK[it.change]} ${it.what.padEnd(width)}  ${ranges.join(" → ")}  ${it.change}${why}`;
  });
  const sum = `${differences.length} of ${same + differences.length} differ`;
  return [`--- ${before}`, `+++ ${after}`, ...lines, sum, ""].join("\n");
}

function rangeOf({ range, size }: AddressView): string {
  return range ? `${range.start}-${range.end}` : `no place for ${size}`;
}

/** What has no place, a line each: for below a map. */
export function formatUnplaced(unplaced: readonly UnplacedView[]): string {
  return unplaced
    .map(
      ({ bdf, name, size, align, largestGap, reason }) =>
        `${bdf} ${name}: ${size} bytes aligned to ${align} have no place; the largest gap is ${largestGap}. ${reason}.\n`,
    )
    .join("");
}
