/** The bus trace as views show it: plain JSON, a window of it at a time, for it may hold millions of records. */
import type { Hex } from "./views";

/** Who speaks: the kernel's log, the CPU's memory, port and configuration requests, a function's own, an interrupt. */
export const LANES = ["cpu", "mmio", "port", "config", "dma", "interrupt"] as const;
export type Lane = (typeof LANES)[number];

export interface TraceRow {
  /** Counts the transactions since power-on; of an interrupt or a line of the log, its own number. */
  readonly number: number;
  /** Nanoseconds of virtual time. */
  readonly time: number;
  readonly lane: Lane;
  /** `MRd`, `CfgWr0`; `delivered` of an interrupt; `info` of the log. */
  readonly what: string;
  /** `cpu`, or the name of the function that asked. */
  readonly initiator: string;
  /** `edu.FACTORIAL`, `rp0.config.COMMAND`, `RAM`; the text of a line of the log. */
  readonly target: string;
  /** Bus address, or port; absent where there is none. */
  readonly address?: Hex;
  readonly bytes?: number;
  /** What was read or written, the low eight bytes. */
  readonly value?: Hex;
  /** `SC`, `UR`, `posted`. */
  readonly status?: string;
  /** The line of the driver that made the access. */
  readonly source?: { readonly path: string; readonly line: number };
}

export interface TraceFilter {
  /** Empty: all of them. */
  readonly lanes: readonly Lane[];
  /** A device, a register, a BAR, an address range, or a part of what is printed; empty: everything. */
  readonly words: string;
  /** Only what did not end well. */
  readonly failed: boolean;
}

export interface TraceQuery {
  readonly filter: TraceFilter;
  /** The first row wanted, counted among those that match; or the row at a time; or the last ones. */
  readonly from: number | { readonly time: number } | "end";
  /** Rows, at most 1,000. */
  readonly count: number;
  /** The picture: nanoseconds from and to, by default all that is held; `bins` columns. */
  readonly span?: readonly [start: number, end: number];
  readonly bins: number;
}

export interface TraceWindow {
  readonly on: boolean;
  /** Rows that match. */
  readonly total: number;
  /** Transactions that the ring no longer holds. */
  readonly lost: number;
  /** Where `rows` begin among those that match. */
  readonly from: number;
  readonly rows: readonly TraceRow[];
  /** Of the search, from 0 to 1: below 1 it goes on with the next query. */
  readonly searched: number;
  readonly lanes: TraceLanes;
}

/** How much happened when: for each lane a count per column. */
export interface TraceLanes {
  /** Nanoseconds. */
  readonly start: number;
  readonly end: number;
  readonly counts: Readonly<Record<Lane, readonly number[]>>;
  /** Every so many transactions were looked at: 1 is all of them. */
  readonly stride: number;
}
