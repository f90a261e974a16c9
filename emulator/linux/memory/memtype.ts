/**
 * Which memory type each mapped range of device memory has (arch/x86/mm/pat/memtype.c): two mappings of one range must
 * agree, or the CPU would hold the same bytes cached and uncached at once. A later request gets the type of the first.
 */
import { LINUX_NAME, type MemoryType } from "../../mmu/memory-type";
import type { Mtrr } from "../../mmu/mtrr";
import type { KernelLog } from "../log";

interface Reserved {
  readonly start: number;
  readonly end: number;
  readonly type: MemoryType;
}

/** enum page_cache_mode: how a log line numbers the types. */
const MODE: Readonly<Record<MemoryType, number>> = { WB: 0, WC: 1, "UC-": 2, UC: 3, WT: 4, WP: 5 };

/** What a request must not get (is_new_memtype_allowed). */
const NEVER: Readonly<Partial<Record<MemoryType, readonly MemoryType[]>>> = {
  "UC-": ["WB"],
  WC: ["WB"],
  WT: ["WB", "WC"],
};

export class MemoryTypes {
  readonly #mtrr: Mtrr;
  readonly #log: KernelLog;
  readonly #reserved: Reserved[] = [];

  constructor(mtrr: Mtrr, log: KernelLog) {
    this.#mtrr = mtrr;
    this.#log = log;
  }

  /** The type that `[start, end)` gets; undefined where Linux refuses, and says so. */
  reserve(start: number, end: number, wanted: MemoryType): MemoryType | undefined {
    const type = this.#granted(start, end, this.#possible(start, end, wanted));
    if (type === undefined) {
      this.#log.err("ioremap memtype_reserve failed -16");
      return undefined;
    }
    if (NEVER[wanted]?.includes(type)) {
      const range = `0x${start.toString(16)}-0x${end.toString(16)}`;
      this.#log.err(
        `ioremap error for ${range}, requested 0x${MODE[wanted].toString(16)}, got 0x${MODE[type].toString(16)}`,
      );
      return undefined;
    }
    this.#reserved.push({ start, end, type });
    return type;
  }

  free(start: number, end: number): void {
    const index = this.#reserved.findIndex((it) => it.start === start && it.end === end);
    if (index >= 0) this.#reserved.splice(index, 1);
  }

  /** Write-back only where the range registers say so as well (pat_x_mtrr_type). */
  #possible(start: number, end: number, wanted: MemoryType): MemoryType {
    return wanted === "WB" && this.#mtrr.typeOfRange(start, end) !== "WB" ? "UC-" : wanted;
  }

  #granted(start: number, end: number, wanted: MemoryType): MemoryType | undefined {
    const [first, ...others] = this.#reserved.filter((it) => it.start < end && it.end > start);
    if (!first) return wanted;
    const other = others.find(({ type }) => type !== first.type);
    if (!other) return first.type;
    const range = `${start.toString(16)}-${end.toString(16)}`;
    this.#log.info(
      `x86/PAT: insmod:1 conflicting memory types ${range} ${LINUX_NAME[first.type]}<->${LINUX_NAME[other.type]}`,
    );
    return undefined;
  }
}
