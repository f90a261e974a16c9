/**
 * What failed of a driver's accesses and of its device's own, explained at the moment it happened: later, the machine is
 * another. Each kind is explained once and counted from then on, so that a loop that polls a dead register costs little.
 */
import type { Hardware } from "../machine/hardware";
import type { LinuxState } from "../machine/views";
import type { Explanation } from "../machine/way-views";
import { PageFault } from "../mmu/page-fault";
import { explainFailure, type Failed, isAskedFor } from "./explain-failure";

export interface Failure {
  readonly explanation: Explanation;
  /** How often, the first time included. */
  readonly count: number;
  /** Somebody injected it to test the driver: no mistake of the driver's. */
  readonly asked: boolean;
}

export interface FailuresParts {
  readonly linux: () => LinuxState;
  /** Called at the first of its kind, and whenever its count doubles. */
  readonly tell: (failure: Failure) => void;
}

/** Beyond so many kinds, what is new is no longer explained. */
const MOST = 256;
/** No accesses: error messages, and interrupts whose write is told by itself. */
const OTHERS: ReadonlySet<string> = new Set(["aer", "interrupt-lost"]);

export class Failures {
  readonly #machine: Hardware;
  readonly #parts: FailuresParts;
  readonly #known = new Map<string, Failure>();

  constructor(machine: Hardware, parts: FailuresParts) {
    this.#machine = machine;
    this.#parts = parts;
  }

  note(failed: Failed): void {
    if (!(failed instanceof PageFault) && OTHERS.has(failed.kind)) return;
    const key =
      failed instanceof PageFault ? `${failed.address} ${failed.write}` : `${failed.kind} ${failed.sentence}`;
    const known = this.#known.get(key);
    if (known) this.#again(key, known);
    else if (this.#known.size < MOST) this.#first(key, failed);
  }

  #again(key: string, known: Failure): void {
    const failure = { ...known, count: known.count + 1 };
    this.#known.set(key, failure);
    if ((failure.count & (failure.count - 1)) === 0) this.#parts.tell(failure);
  }

  #first(key: string, failed: Failed): void {
    const explanation = explainFailure(this.#machine, failed, this.#parts.linux());
    const failure = { explanation, count: 1, asked: isAskedFor(failed) };
    this.#known.set(key, failure);
    this.#parts.tell(failure);
  }
}
