/**
 * Memory type range registers as firmware leaves them (Intel SDM vol. 3A, 12.11): RAM is write-back, everything else
 * uncacheable, the video hole of the first MiB too.
 * Not modelled: the registers themselves, and overlapping ranges.
 */
import type { PhysicalAddress } from "../core/address";
import type { MemoryType } from "./memory-type";

export interface MtrrRange {
  readonly start: number;
  /** The first address behind it. */
  readonly end: number;
  readonly type: Exclude<MemoryType, "UC-">;
}

export class Mtrr {
  /** None of them overlaps another. */
  readonly ranges: readonly MtrrRange[];

  constructor(ranges: readonly MtrrRange[]) {
    this.ranges = ranges;
  }

  /** The default type is uncacheable. */
  typeOf(address: PhysicalAddress): MtrrRange["type"] {
    return this.ranges.find(({ start, end }) => address >= start && address < end)?.type ?? "UC";
  }

  /** The type of a whole range, or undefined where it has several (mtrr_type_lookup). */
  typeOfRange(start: number, end: number): MtrrRange["type"] | undefined {
    const overlapping = this.ranges.filter((it) => it.start < end && it.end > start);
    if (overlapping.length === 0) return "UC";
    const [only] = overlapping;
    return overlapping.length === 1 && only && only.start <= start && only.end >= end ? only.type : undefined;
  }
}
