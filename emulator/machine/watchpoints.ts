/**
 * Watchpoints: three lists that never touch each other, the debugger's native data breakpoints, our own, and those
 * written in the driver's source. A watchpoint names a device, a register or an address; where that is, is worked out
 * each time something moves. A hit is told before the access takes effect.
 * Not modelled: a change that a device makes in more than eight bytes at once.
 */
import { PAGE_SIZE, type PhysicalAddress, physical } from "../core/address";
import type { BusWatch, ConfigAccess, DmaAccess, PortAccess } from "../core/bus-watch";
import { hex } from "../core/hex";
import type { AccessWatch, CpuAccess } from "../core/physical-space";
import { AccessEvents } from "./access-events";
import type { Hardware } from "./hardware";
import { peekValue } from "./peek";
import { functionNamed } from "./register-names";
import type { WatchHit, WatchpointRequest, WatchpointStatus } from "./views";
import { parseWatch } from "./watch-spec";
import { findAt, type Range, resolve } from "./watch-target";
import { changeText, hitText } from "./watch-text";
import { type Seen, Watchpoint } from "./watchpoint";

export type WatchOwner = "native" | "own" | "source";

interface Bound extends Range {
  readonly watchpoint: Watchpoint;
  readonly bits?: readonly [msb: number, lsb: number];
}

type Listed = Watchpoint | WatchpointStatus;

const OWNERS = ["native", "own", "source"] as const;
const CHANGE_BYTES = 8;

export class Watchpoints implements AccessWatch, BusWatch {
  onHit: ((hit: WatchHit) => void) | undefined;
  /** What is wrong with an access, for those who want to stop there. */
  readonly events: AccessEvents;
  readonly #machine: Hardware;
  readonly #lists: Record<WatchOwner, readonly Listed[]> = { native: [], own: [], source: [] };
  #bound: readonly Bound[] = [];

  constructor(machine: Hardware) {
    this.#machine = machine;
    this.events = new AccessEvents(machine);
  }

  /**
   * Replaces one owner's list. What cannot bind now waits; what never can says so. A wish that was in the list before,
   * with the same id and text, keeps its count of hits.
   */
  replace(owner: WatchOwner, wanted: readonly WatchpointRequest[]): readonly WatchpointStatus[] {
    const before = this.#lists[owner];
    this.#lists[owner] = wanted.map((request) => {
      const known = before.find((it) => it instanceof Watchpoint && it.is(request));
      return known ?? made(request);
    });
    this.#machine.cpu.flush();
    this.#bind();
    return this.statuses(owner);
  }

  /** As they are now. */
  statuses(owner: WatchOwner): readonly WatchpointStatus[] {
    return this.#lists[owner].map((it) => (it instanceof Watchpoint ? this.#status(it) : it));
  }

  covers(page: PhysicalAddress): boolean {
    this.#bind();
    if (this.events.covers(page)) return true;
    return this.#bound.some(
      ({ space, start, end, watchpoint }) =>
        watchpoint.spec.change || (space === "memory" && start < page + PAGE_SIZE && end > page),
    );
  }

  check(access: CpuAccess): void {
    const { physical: at, bytes, value } = access;
    this.events.check(access);
    this.#look({
      space: "memory",
      at,
      bytes,
      initiator: "cpu",
      old: this.#peek(at, bytes),
      ...valued(value),
    });
  }

  port({ port, bytes, old, value }: PortAccess): void {
    if (!this.#rebound()) return;
    this.#look({ space: "port", at: port, bytes, initiator: "cpu", old: BigInt(old), ...valued(value) });
  }

  config({ function: name, at, bytes, value }: ConfigAccess): void {
    if (!this.#rebound()) return;
    const fn = functionNamed(this.#machine, name);
    let old = 0n;
    for (let byte = bytes - 1; byte >= 0; byte--)
      old = (old << 8n) | BigInt(fn?.configPeek(at + byte, 1) ?? 0xff);
    this.#look({ space: `config:${name}`, at, bytes, initiator: "cpu", old, ...valued(value) });
  }

  /** A long transfer is seen by each watchpoint as the part of it that it watches. */
  dma({ function: by, address, bytes, data }: DmaAccess): void {
    if (!this.#rebound()) return;
    for (const bound of this.#bound) {
      const at = Math.max(bound.start, address);
      const end = Math.min(bound.end, address + bytes, at + CHANGE_BYTES);
      if (bound.space !== "memory" || end <= at) continue;
      const value = data && littleEndian(data.subarray(at - address, end - address));
      const old = this.#peek(at, end - at);
      this.#tell([bound], {
        space: "memory",
        at,
        bytes: end - at,
        initiator: "dma",
        by,
        old,
        ...valued(value),
      });
    }
  }

  #rebound(): boolean {
    if (OWNERS.every((owner) => this.#lists[owner].length === 0)) return false;
    this.#bind();
    return true;
  }

  #look(seen: Seen): void {
    this.#lookForChanges();
    const touched = this.#bound.filter(
      ({ space, start, end }) => space === seen.space && start < seen.at + seen.bytes && end > seen.at,
    );
    this.#tell(touched, seen);
    const changes =
      seen.value !== undefined || findAt(this.#machine, seen.space, seen.at).register?.access === "rc";
    if (changes) for (const { watchpoint } of touched) watchpoint.forget();
  }

  #tell(touched: readonly Bound[], seen: Seen): void {
    const hits = touched.filter((bound) => bound.watchpoint.matches(this.#machine, seen, bound));
    if (hits.length === 0) return;
    const target = hitText(this.#machine, seen);
    this.#say(hits, {
      access: seen.value === undefined ? "read" : "write",
      bytes: seen.bytes,
      old: hex(seen.old),
      ...(seen.value === undefined ? {} : { value: hex(seen.value) }),
      ...target,
    });
  }

  /** What a device has changed since the last access: told at this one, the first at which the driver can stop. */
  #lookForChanges(): void {
    for (const bound of this.#bound) {
      const { space, start, end, watchpoint } = bound;
      if (!watchpoint.spec.change || space !== "memory" || end - start > CHANGE_BYTES) continue;
      if (!this.#answers(start)) {
        watchpoint.forget();
        continue;
      }
      const now = this.#peek(start, end - start);
      const old = watchpoint.saw(now, bound.bits);
      if (old === undefined) continue;
      const seen: Seen = { space, at: start, bytes: end - start, initiator: "cpu", old, value: now };
      if (!watchpoint.matches(this.#machine, seen, bound)) continue;
      const text = changeText(this.#machine, seen);
      this.#say([bound], { access: "write", bytes: seen.bytes, old: hex(old), value: hex(now), ...text });
    }
  }

  /** While a BAR does not decode, the ones that are read there are no value. */
  #answers(at: number): boolean {
    const { physical: map } = this.#machine;
    return map.ramOffset(physical(at)) !== undefined || map.routeOf(physical(at))?.kind === "bar";
  }

  #say(hits: readonly Bound[], hit: Omit<WatchHit, "ids" | "log">): void {
    const watchpoints = [...new Set(hits.map(({ watchpoint }) => watchpoint))];
    this.onHit?.({
      ...hit,
      ids: watchpoints.map(({ request }) => request.id),
      log: watchpoints.every(({ request, spec }) => request.log === true || spec.log),
    });
  }

  #peek(at: number, bytes: number): bigint {
    return peekValue(this.#machine, physical(at), bytes);
  }

  #bind(): void {
    const all = OWNERS.flatMap((owner) => this.#lists[owner]);
    this.#bound = all.flatMap((watchpoint) => {
      if (!(watchpoint instanceof Watchpoint) || watchpoint.done) return [];
      const resolved = resolve(this.#machine, watchpoint.spec.target);
      if (!("ranges" in resolved)) return [];
      const { ranges, bits } = resolved;
      return ranges.map((range) => ({ ...range, watchpoint, ...(bits && { bits }) }));
    });
  }

  #status({ request: { id }, spec, done }: Watchpoint): WatchpointStatus {
    if (done) return { id, verified: false, message: "It was to stop once, and has" };
    const resolved = resolve(this.#machine, spec.target);
    if ("never" in resolved) return { id, verified: false, never: true, message: resolved.never };
    if ("wait" in resolved) return { id, verified: false, message: resolved.wait };
    return { id, verified: true };
  }
}

function made(request: WatchpointRequest): Listed {
  const spec = parseWatch(request.spec);
  if (typeof spec !== "string") return new Watchpoint(request, spec);
  return { id: request.id, verified: false, never: true, message: spec };
}

function valued(value: number | bigint | undefined): { readonly value?: bigint } {
  return value === undefined ? {} : { value: BigInt(value) };
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
