/**
 * Faults on demand, for testing a driver's error paths: the n-th access of a kind ends otherwise. The same rules on the
 * same machine give the same run. Rules are the tester's, not the machine's: they are in no snapshot.
 */
import type { DetectedError } from "./detected-error";

/** What is to go wrong, as the requester sees it. */
export type Fault = "UR" | "CA" | "timeout" | "poisoned";

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

interface Counting {
  readonly rule: FaultRule;
  seen: number;
}

export class FaultInjection {
  /** Called as rules change: paths that were cached without them must be forgotten. */
  onChange: (() => void) | undefined;
  #rules: Counting[] = [];

  /** Adds a rule, or takes all away. */
  add(rule: FaultRule): void {
    this.#rules.push({ rule, seen: 0 });
    this.onChange?.();
  }

  clear(): void {
    this.#rules = [];
    this.onChange?.();
  }

  /** Somebody counts accesses of this function. */
  concerns(name: string): boolean {
    return this.#rules.some(({ rule }) => rule.function === name);
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
    return met;
  }
}

/** What AER calls each fault: its bit in Uncorrectable Error Status. */
export const FAULT_ERRORS: Readonly<Record<Fault, DetectedError>> = {
  UR: { kind: "uncorrectable", bit: 20, advisory: true },
  CA: { kind: "uncorrectable", bit: 15, advisory: true },
  timeout: { kind: "uncorrectable", bit: 14 },
  poisoned: { kind: "uncorrectable", bit: 12 },
};
