/** The numbers of the records that match, found a piece at a time as the trace grows. */
import type { BusTrace } from "../pci/bus-trace";
import type { Asked } from "./trace-filter";

/** Records that one question looks at: some tens of milliseconds. */
const AT_ONCE = 2_000_000;

/** The matching records that the ring still holds; without a question, all of them. */
export class TraceSearch {
  readonly #trace: BusTrace;
  readonly #asked: Asked | undefined;
  #found = new Uint32Array(1024);
  #count = 0;
  /** Matches before this one are no longer held. */
  #gone = 0;
  #next: number;

  constructor(trace: BusTrace, asked: Asked | undefined) {
    this.#trace = trace;
    this.#asked = asked;
    this.#next = trace.first;
  }

  get length(): number {
    return this.#asked ? this.#count - this.#gone : this.#trace.count - this.#trace.first;
  }

  /** Number of the record. */
  at(index: number): number {
    return this.#asked ? (this.#found[this.#gone + index] as number) : this.#trace.first + index;
  }

  /** How much of the trace has been looked at, from 0 to 1. */
  get done(): number {
    const { first, count } = this.#trace;
    return !this.#asked || count === first ? 1 : (this.#next - first) / (count - first);
  }

  /** Looks at what is new, at most a piece of it. A trace that was cleared is searched anew. */
  proceed(): void {
    const { first, count } = this.#trace;
    if (!this.#asked) return;
    if (count < this.#next) this.#restart();
    while (this.#gone < this.#count && (this.#found[this.#gone] as number) < first) this.#gone += 1;
    const from = Math.max(first, this.#next);
    this.#next = Math.min(count, from + AT_ONCE);
    const asked = this.#asked;
    this.#trace.visit(from, this.#next, (number, code, place) => {
      if (asked(code, place)) this.#note(number);
    });
  }

  #restart(): void {
    this.#count = 0;
    this.#gone = 0;
    this.#next = this.#trace.first;
  }

  #note(number: number): void {
    if (this.#count === this.#found.length) {
      const wider = new Uint32Array(this.#count * 2);
      wider.set(this.#found);
      this.#found = wider;
    }
    this.#found[this.#count] = number;
    this.#count += 1;
  }
}
