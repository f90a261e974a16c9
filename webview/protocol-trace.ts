/** The bus trace in the panel: a window of it at a time. */

export type Lane = "cpu" | "mmio" | "port" | "config" | "dma" | "interrupt";

export interface TraceRow {
  /** Unique in the trace. */
  readonly key: string;
  /** Virtual time since power-on, `0.012345678`. */
  readonly time: string;
  readonly lane: Lane;
  /** `MRd`, `delivered`, `info` */
  readonly what: string;
  readonly initiator: string;
  readonly target: string;
  readonly address: string;
  readonly value: string;
  readonly status: string;
  readonly failed: boolean;
  /** The driver's line that made the access. */
  readonly source?: { readonly path: string; readonly line: number; readonly text: string };
}

export interface TraceFilter {
  readonly lanes: readonly Lane[];
  readonly words: string;
  readonly failed: boolean;
}

/** A window of the trace, and the picture above it. It is answered now and at each change, until it is withdrawn. */
export interface TraceQuery {
  readonly filter: TraceFilter;
  readonly from: number | { readonly time: number } | "end";
  readonly count: number;
  /** Nanoseconds. */
  readonly span?: readonly [start: number, end: number];
  /** Columns of the picture. */
  readonly bins: number;
}

export interface TraceWindow {
  readonly on: boolean;
  readonly total: number;
  /** Transactions that are no longer held. */
  readonly lost: number;
  readonly from: number;
  readonly rows: readonly TraceRow[];
  /** Below 1 a search still goes on. */
  readonly searched: number;
  readonly lanes: {
    readonly start: number;
    readonly end: number;
    readonly counts: Readonly<Record<Lane, readonly number[]>>;
    readonly stride: number;
  };
}
