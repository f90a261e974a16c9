/**
 * The trace as views read it: transactions, interrupts and the kernel's log in one order of time, filtered, a window at a
 * time. It peeks into the rings; nothing is asked of the driver's thread.
 * Not modelled: names of the past. A place is called by what answers there now.
 */
import { hex } from "../core/hex";
import type { Transaction } from "../core/transaction";
import type { BusTrace } from "../pci/bus-trace";
import type { InterruptEvent } from "../pci/interrupt-log";
import type { Machine } from "./machine";
import { laneOf, type Wanted, wantedBy } from "./trace-filter";
import { traceLanes } from "./trace-lanes";
import { placeNamed } from "./trace-places";
import { TraceSearch } from "./trace-search";
import { LANES, type Lane, type TraceQuery, type TraceRow, type TraceWindow } from "./trace-views";
import type { LogLine } from "./views";

const MOST_ROWS = 1000;

/** The first index from which `holds` is true; all after it are, too. */
function firstWhere(length: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const interruptRow = (
  { number, time, fate, line, vector, from }: InterruptEvent,
  names: readonly string[],
): TraceRow => ({
  number,
  time,
  lane: "interrupt",
  what: fate,
  initiator: from === undefined ? "" : (names[from - 1] ?? ""),
  target: line === undefined ? `vector ${hex(vector ?? 0)}` : `line ${line}`,
});

const logRow = ({ time, level, text }: LogLine, number: number): TraceRow => ({
  number,
  time,
  lane: "cpu",
  what: level,
  initiator: "kernel",
  target: text,
});

/** What the machine itself does not know. */
interface Beyond {
  /** The kernel's log of the running boot. */
  log(): readonly LogLine[];
  /** The line of the driver with this number. */
  lineOf(number: number): TraceRow["source"];
}

export class TraceReader {
  readonly #machine: Machine;
  readonly #beyond: Beyond;
  #key = "";
  #search: TraceSearch;
  #wanted: Wanted | undefined;

  constructor(machine: Machine, beyond: Beyond) {
    this.#machine = machine;
    this.#beyond = beyond;
    this.#search = new TraceSearch(this.#trace, undefined);
  }

  get #trace(): BusTrace {
    return this.#machine.root.fabric.trace;
  }

  read(query: TraceQuery): TraceWindow {
    this.#follow(query);
    this.#search.proceed();
    const beside = this.#beside();
    const total = this.#search.length + beside.length;
    const count = Math.min(query.count, MOST_ROWS);
    const from = this.#from(query.from, { beside, total, count });
    return {
      on: this.#trace.on,
      total,
      lost: this.#trace.first,
      from,
      rows: this.#rows(beside, { from, to: Math.min(total, from + count) }),
      searched: this.#search.done,
      lanes: traceLanes(this.#trace, { beside, span: query.span, bins: query.bins }),
    };
  }

  #follow({ filter }: TraceQuery): void {
    const key = JSON.stringify(filter);
    if (key === this.#key) return;
    this.#key = key;
    this.#wanted = wantedBy(this.#machine, filter);
    this.#search = new TraceSearch(this.#trace, this.#wanted?.record);
  }

  /** What is no transaction, in the order of time. */
  #beside(): readonly TraceRow[] {
    const names = this.#trace.requesters;
    const all = [
      ...this.#beyond.log().map(logRow),
      ...this.#machine.interrupts.log.events().map((event) => interruptRow(event, names)),
    ].sort((a, b) => a.time - b.time);
    const wanted = this.#wanted;
    return wanted
      ? all.filter(({ lane, what, initiator, target }) =>
          wanted.beside(lane, `${what} ${initiator} ${target}`),
        )
      : all;
  }

  /** Which row stands at `index`: the n-th of `beside`, or a record's number. */
  #merged(beside: readonly TraceRow[], index: number): TraceRow | number {
    const before = firstWhere(beside.length, (n) => this.#rank(beside, n) > index) - 1;
    const at = beside[before];
    if (at && this.#rank(beside, before) === index) return at;
    return this.#search.at(index - before - 1);
  }

  /** Where the n-th of `beside` stands among all rows: after the transactions that are older. */
  #rank(beside: readonly TraceRow[], n: number): number {
    const { time = 0 } = beside[n] ?? {};
    const older = firstWhere(this.#search.length, (i) => this.#trace.timeOf(this.#search.at(i)) > time);
    return older + n;
  }

  #from(
    wish: TraceQuery["from"],
    { beside, total, count }: { beside: readonly TraceRow[]; total: number; count: number },
  ): number {
    if (wish === "end") return Math.max(0, total - count);
    if (typeof wish === "number") return Math.max(0, Math.min(wish, total - 1));
    const { time } = wish;
    const records = firstWhere(this.#search.length, (i) => this.#trace.timeOf(this.#search.at(i)) >= time);
    return records + firstWhere(beside.length, (i) => (beside[i]?.time ?? 0) >= time);
  }

  #rows(beside: readonly TraceRow[], { from, to }: { from: number; to: number }): readonly TraceRow[] {
    return Array.from({ length: Math.max(0, to - from) }, (_, i) => {
      const one = this.#merged(beside, from + i);
      return typeof one === "number" ? this.#row(one) : [one];
    }).flat();
  }

  /** None where the driver's thread has written over it meanwhile. */
  #row(number: number): readonly TraceRow[] {
    return this.#trace.window(number, 1).map((transaction) => this.#rowOf(transaction));
  }

  #rowOf(transaction: Transaction): TraceRow {
    const { number, time, kind, requester, bytes, value, status, whence = 0 } = transaction;
    const source = this.#beyond.lineOf(whence);
    const lane = this.#laneAt(number);
    const target = placeNamed(this.#machine, lane, transaction);
    // Of configuration space, the register.
    const address = hex(lane === "config" ? transaction.address & 0xfffn : transaction.address);
    return {
      ...{ number, time, lane, what: kind, initiator: requester, target },
      ...{ address, bytes, value: hex(value), status },
      ...(source && { source }),
    };
  }

  #laneAt(number: number): Lane {
    let lane = 0;
    this.#trace.visit(number, number + 1, (_number, code, place) => {
      lane = laneOf(code, place);
    });
    return LANES[lane] ?? "mmio";
  }
}
