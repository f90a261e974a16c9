/**
 * Faults on demand, for testing a driver's error paths: the n-th access of a kind ends otherwise, or in a campaign one
 * out of so many, by a seeded sequence. The same rules and the same seed on the same machine give the same run. Rules
 * and where they stand are the tester's, not the machine's: they are in no snapshot.
 */
import type { DetectedError } from "./detected-error";

/** What is to go wrong, as the requester sees it; `remap` is the IOMMU's refusal of a function's own request. */
export type Fault = "UR" | "CA" | "timeout" | "poisoned" | "remap";

export interface FaultRule {
  /** Name of the function whose accesses are counted. */
  readonly function: string;
  /** The CPU's reads and writes behind its BARs, its own requests to memory, or its message interrupts. */
  readonly access: "read" | "write" | "dma" | "interrupt";
  /** Which one, from 1. */
  readonly nth: number;
  /** How many from there on; one by default. */
  readonly times?: number;
  /** A lost interrupt or write needs none. */
  readonly fault?: Fault;
}

/** Faults by chance. */
export interface FaultCampaign {
  /** The same one fails the same accesses. */
  readonly seed: number;
  /** On the average one access of so many fails. */
  readonly oneIn: number;
  /** Names of functions; all by default. */
  readonly functions?: readonly string[];
  /** All kinds by default. */
  readonly accesses?: readonly FaultRule["access"][];
  /** By default what a bus can do to anybody: UR, CA, timeout, poisoned. */
  readonly faults?: readonly Fault[];
}

interface Counting {
  readonly rule: FaultRule;
  seen: number;
}

export class FaultInjection {
  /** Called as rules change: paths that were cached without them must be forgotten. */
  onChange: (() => void) | undefined;
  #rules: Counting[] = [];
  #campaign: { readonly wish: FaultCampaign; state: number } | undefined;

  /** Adds a rule, or takes all away. */
  add(rule: FaultRule): void {
    this.#rules.push({ rule, seen: 0 });
    this.onChange?.();
  }

  /** Starts a campaign; it takes the place of another. */
  begin(wish: FaultCampaign): void {
    if (!(wish.oneIn >= 1)) throw new RangeError("A campaign lets one access in 1 or more fail");
    this.#campaign = { wish, state: wish.seed | 1 };
    this.onChange?.();
  }

  clear(): void {
    this.#rules = [];
    this.#campaign = undefined;
    this.onChange?.();
  }

  /** Somebody counts accesses of this function. */
  concerns(name: string): boolean {
    return this.#rules.some(({ rule }) => rule.function === name) || this.#campaignOf(name) !== undefined;
  }

  /** Counts the access; the fault it meets, if any. */
  meet(name: string, access: FaultRule["access"]): Fault | undefined {
    let met: Fault | undefined;
    for (const counting of this.#rules) {
      const { rule } = counting;
      if (rule.function !== name || rule.access !== access) continue;
      counting.seen++;
      if (counting.seen >= rule.nth && counting.seen < rule.nth + (rule.times ?? 1))
        met ??= rule.fault ?? "UR";
    }
    return met ?? this.#byChance(name, access);
  }

  #campaignOf(name: string): FaultCampaign | undefined {
    const wish = this.#campaign?.wish;
    return wish && (wish.functions?.includes(name) ?? true) ? wish : undefined;
  }

  #byChance(name: string, access: FaultRule["access"]): Fault | undefined {
    const wish = this.#campaignOf(name);
    if (!wish || !(wish.accesses?.includes(access) ?? true)) return undefined;
    const { oneIn, faults = BY_CHANCE } = wish;
    if (this.#random() % oneIn) return undefined;
    return faults[this.#random() % faults.length];
  }

  /** xorshift */
  #random(): number {
    if (!this.#campaign) return 0;
    let { state } = this.#campaign;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#campaign.state = state;
    return state >>> 0;
  }
}

const BY_CHANCE: readonly Fault[] = ["UR", "CA", "timeout", "poisoned"];

/** What AER calls each fault: its bit in Uncorrectable Error Status. */
export const FAULT_ERRORS: Readonly<Record<Fault, DetectedError>> = {
  UR: { kind: "uncorrectable", bit: 20, advisory: true },
  CA: { kind: "uncorrectable", bit: 15, advisory: true },
  timeout: { kind: "uncorrectable", bit: 14 },
  poisoned: { kind: "uncorrectable", bit: 12 },
  remap: { kind: "uncorrectable", bit: 20, advisory: true },
};
