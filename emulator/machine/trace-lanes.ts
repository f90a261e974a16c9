/** The trace as a picture of lanes: how much happened when. */
import type { BusTrace } from "../pci/bus-trace";
import { laneOf } from "./trace-filter";
import { LANES, type Lane, type TraceLanes, type TraceRow } from "./trace-views";

/** A picture of more transactions than this looks at some of them only. */
const LOOKED_AT = 1_000_000;
const MOST_BINS = 2000;

interface Wish {
  readonly beside: readonly TraceRow[];
  readonly span: readonly [start: number, end: number] | undefined;
  readonly bins: number;
}

/** The number of the first record that is not older than `time`. */
function firstSince(trace: BusTrace, time: number): number {
  let [low, high] = [trace.first, trace.count];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (trace.timeOf(middle) >= time) high = middle;
    else low = middle + 1;
  }
  return low;
}

function spanOf(trace: BusTrace, beside: readonly TraceRow[]): readonly [number, number] {
  const { first, count } = trace;
  const ends = count > first ? [trace.timeOf(first), trace.timeOf(count - 1)] : [];
  const times = [...ends, ...[beside[0], beside.at(-1)].flatMap((row) => row?.time ?? [])];
  return times.length === 0 ? [0, 1] : [Math.min(...times), Math.max(...times) + 1];
}

/** Counts per lane and column. What is no transaction is always counted; of very many transactions, every n-th. */
export function traceLanes(trace: BusTrace, { beside, span, bins }: Wish): TraceLanes {
  const [start, end] = span ?? spanOf(trace, beside);
  const columns = Math.max(1, Math.min(bins, MOST_BINS));
  const counts = LANES.map(() => new Array<number>(columns).fill(0));
  const [from, to] = [firstSince(trace, start), firstSince(trace, end)];
  const stride = Math.max(1, Math.ceil((to - from) / LOOKED_AT));
  const count = (lane: number, time: number): void => {
    const column = Math.floor(((time - start) / (end - start)) * columns);
    const bin = counts[lane];
    if (bin && column >= 0 && column < columns) bin[column] = (bin[column] ?? 0) + 1;
  };
  for (let number = from; number < to; number += stride)
    trace.visit(number, number + 1, (_number, code, place) =>
      count(laneOf(code, place), trace.timeOf(number)),
    );
  for (const { lane, time } of beside) count(LANES.indexOf(lane), time);
  const named = LANES.map((lane, index) => [lane, counts[index]] as const);
  return { start, end, stride, counts: Object.fromEntries(named) as Record<Lane, number[]> };
}
