/** One watchpoint: what it wants to hear of, and what it has heard. */
import type { Hardware } from "./hardware";
import type { WatchpointRequest } from "./views";
import type { WatchSpec } from "./watch-spec";
import { bdfOf, findAt, type Space } from "./watch-target";

/** An access that touches something watched. Values are unsigned. */
export interface Seen {
  readonly space: Space;
  readonly at: number;
  readonly bytes: number;
  readonly initiator: "cpu" | "dma";
  /** The function that does it, where the CPU does not. */
  readonly by?: string;
  readonly old: bigint;
  /** Absent for a read. */
  readonly value?: bigint;
}

/** Where it is bound: the first byte, and the bits of a field. */
interface Where {
  readonly start: number;
  readonly bits?: readonly [msb: number, lsb: number];
}

export class Watchpoint {
  readonly request: WatchpointRequest;
  readonly spec: WatchSpec;
  #hits = 0;
  #told = false;
  /** The value at the last access, while no access of the driver's own may have changed it. */
  #last: bigint | undefined;

  constructor(request: WatchpointRequest, spec: WatchSpec) {
    this.request = request;
    this.spec = spec;
  }

  is({ id, spec, log }: WatchpointRequest): boolean {
    return id === this.request.id && spec === this.request.spec && log === this.request.log;
  }

  /** It was to be told once, and was. */
  get done(): boolean {
    return this.spec.once && this.#told;
  }

  /** Counts a match; true when it is one to tell of. */
  matches(machine: Hardware, seen: Seen, where: Where): boolean {
    const { spec } = this;
    if (this.done || !(seen.value === undefined ? spec.read && !spec.change : spec.write)) return false;
    const [old, value] = narrowed(seen, where);
    if (spec.change && value === old) return false;
    if (spec.condition && !spec.condition(circumstances(machine, seen, { old, value }))) return false;
    this.#hits++;
    if (spec.counts && !spec.counts(this.#hits)) return false;
    this.#told = true;
    return true;
  }

  /** Remembers the value; the one before it, when it is another and nobody but the device can have changed it. */
  saw(now: bigint, bits: Where["bits"]): bigint | undefined {
    const last = this.#last;
    this.#last = now;
    const changed = last !== undefined && cut(last, bits) !== cut(now, bits);
    return changed ? last : undefined;
  }

  /** An access of the driver's own follows: what it changes is no change by the device. */
  forget(): void {
    this.#last = undefined;
  }
}

function circumstances(machine: Hardware, seen: Seen, values: { old: bigint; value: bigint }) {
  const { function: fn } = findAt(machine, seen.space, seen.at);
  const { bytes: size, initiator } = seen;
  return { ...values, size, initiator, dev: seen.by ?? fn?.name ?? "", bdf: bdfOf(fn) };
}

/** Old and new value; of a field, its bits. A read brings what is there. */
function narrowed({ at, old, value = old }: Seen, { start, bits }: Where): [old: bigint, value: bigint] {
  if (!bits) return [old, value];
  const moved = BigInt((start - at) * 8);
  const shift = (it: bigint) => (moved >= 0n ? it >> moved : it << -moved);
  return [cut(shift(old), bits), cut(shift(value), bits)];
}

function cut(value: bigint, bits: Where["bits"]): bigint {
  if (!bits) return value;
  const [msb, lsb] = bits;
  return (value >> BigInt(lsb)) & ((1n << BigInt(msb - lsb + 1)) - 1n);
}
