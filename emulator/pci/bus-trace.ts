/**
 * The one observer of the buses: it sees each transaction as it ends and keeps it in a ring in the arena. Off, it costs
 * nothing: pages enter the TLB without its flag. Peeks are no transactions.
 */
import type { Arena } from "../core/arena";
import type { Clock } from "../core/clock";
import { EventRing, type RingEvent } from "../core/event-ring";
import {
  type AccessObserver,
  byteEnables,
  type CompletionStatus,
  KINDS,
  STATUSES,
  type Transaction,
  type TransactionKind,
} from "../core/transaction";

/** Where the CPU's physical address goes on the bus; undefined where no host bridge window forwards it. */
type ToBus = (physical: number) => bigint | undefined;

const TAGS = 32;
/** Beyond the last of STATUSES. */
const POSTED = STATUSES.length;
const CPU = 0;

export class BusTrace implements AccessObserver {
  /** Names of the functions, in the order of the machine; set once it is built. */
  requesters: readonly string[] = [];
  /** Called as tracing is switched: what entered the TLB before does not know it. */
  onSwitch: (() => void) | undefined;
  /** The number of the driver's line that makes the access; asked for each of the CPU's while it is set. */
  whence: (() => number) | undefined;
  readonly #arena: Arena;
  readonly #ring: EventRing;
  readonly #switch: number;
  #toBus: ToBus = () => undefined;
  /** Index into STATUSES. */
  #ending = 0;

  constructor(arena: Arena, clock: Clock) {
    this.#arena = arena;
    this.#switch = arena.reserve(8) >>> 2;
    this.#ring = new EventRing(arena, clock);
  }

  /** The host bridge, once it is built. */
  connect(toBus: ToBus): void {
    this.#toBus = toBus;
  }

  get on(): boolean {
    return this.#arena.i32[this.#switch] !== 0;
  }

  set on(on: boolean) {
    this.#arena.i32[this.#switch] = on ? 1 : 0;
    this.#ending = 0;
    this.onSwitch?.();
  }

  clear(): void {
    this.#ring.clear();
  }

  /** The transaction under way ends otherwise than well. */
  ends(status: CompletionStatus): void {
    if (this.on) this.#ending = STATUSES.indexOf(status);
  }

  /** A memory access of the CPU. */
  saw(physical: number, bytes: number, low: number, high: number): void {
    this.#ring.tag = this.whence?.() ?? 0;
    if (bytes > 0) this.#ring.note((bytes << 4) | (this.#end(0) << 16), physical, low, high);
    else this.#ring.note(1 | (-bytes << 4) | (this.#end(1) << 16), physical, low, high);
  }

  /** A port or configuration access of the CPU, or a request of a function's own. */
  note(kind: TransactionKind, { place, bytes, value, requester = CPU }: Noted): void {
    if (!this.on) return;
    const number = KINDS.indexOf(kind);
    this.#ring.tag = requester === CPU ? (this.whence?.() ?? 0) : 0;
    const [low, high] = [Number(value & 0xffff_ffffn) | 0, Number(value >> 32n) | 0];
    this.#ring.note(code(number, bytes, this.#end(number), requester), place, low, high);
  }

  /** The number of a function in `requesters`, from 1. */
  requesterOf(name: string): number {
    return this.requesters.indexOf(name) + 1;
  }

  /** How many there have been since power-on or `clear`. */
  get count(): number {
    return this.#ring.count;
  }

  /** Number of the oldest that the ring still holds. */
  get first(): number {
    return this.#ring.first;
  }

  /** Virtual nanoseconds. */
  timeOf(number: number): number {
    return this.#ring.timeOf(number);
  }

  /** At most `count` of those from number `from` on. */
  window(from: number, count: number): readonly Transaction[] {
    return this.#ring.window(from, count).map((event) => this.#transaction(event));
  }

  /** Code and place of each of them, without making objects. */
  visit(from: number, to: number, see: (number: number, code: number, place: number) => void): void {
    this.#ring.visit(from, to, see);
  }

  /** What the ring holds, oldest first. */
  transactions(): readonly Transaction[] {
    return this.#ring.events().map((event) => this.#transaction(event));
  }

  #end(kind: number): number {
    const status = this.#ending;
    if (status !== 0) this.#ending = 0;
    return kind === 1 ? POSTED : status;
  }

  #transaction({ number, time, place, code: packed, low, high, tag }: RingEvent): Transaction {
    const kind = KINDS[kindIn(packed)] ?? "MRd";
    const [bytes, status, requester] = [(packed >>> 4) & 0xfff, statusIn(packed), requesterIn(packed)];
    const cpu = requester === CPU;
    const address = cpu && (packed & 15) < 2 ? (this.#toBus(place) ?? BigInt(place)) : BigInt(place);
    return {
      number,
      time,
      kind,
      requester: cpu ? "cpu" : (this.requesters[requester - 1] ?? "?"),
      tag: number % TAGS,
      address,
      bytes,
      byteEnables: byteEnables(address, bytes),
      value: BigInt(low) | (BigInt(high) << 32n),
      status: STATUSES[status] ?? "posted",
      ...(tag && { whence: tag }),
    };
  }
}

/** Index in KINDS. */
export const kindIn = (code: number): number => code & 15;

/** Number of the function that asked, from 1; 0 is the CPU. */
export const requesterIn = (code: number): number => (code >>> 19) & 0xfff;

/** Index in STATUSES; beyond them, posted. */
export const statusIn = (code: number): number => (code >>> 16) & 7;

interface Noted {
  /** Bus address, port, or ECAM offset. */
  readonly place: number;
  readonly bytes: number;
  readonly value: bigint;
  readonly requester?: number;
}

function code(kind: number, bytes: number, status: number, requester: number): number {
  return kind | (Math.min(bytes, 0xfff) << 4) | (status << 16) | (requester << 19);
}
