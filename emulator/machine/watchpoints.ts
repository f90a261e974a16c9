/**
 * Watchpoints on the CPU's accesses. Two lists that never touch each other: the debugger's native data breakpoints and
 * our own. A watchpoint names a register or an address; where that is, is worked out each time something moves.
 * A hit is told before the access takes effect.
 */
import {
  highHalf,
  lowHalf,
  offset,
  PAGE_SIZE,
  type PhysicalAddress,
  physical,
  type VirtualAddress,
} from "../core/address";
import { canonical, hex } from "../core/hex";
import type { AccessWatch, CpuAccess } from "../core/physical-space";
import type { Hardware } from "./hardware";
import { peekValue } from "./peek";
import { findRegister, type NamedRegister, registerAddress } from "./register-names";
import type { WatchHit, WatchpointRequest, WatchpointStatus } from "./views";
import { parseWatch, type WatchSpec } from "./watch-spec";

type Owner = "native" | "own";

interface Watchpoint {
  readonly request: WatchpointRequest;
  readonly spec: WatchSpec;
}

interface Bound {
  readonly watchpoint: Watchpoint;
  readonly start: PhysicalAddress;
  readonly end: number;
}

export class Watchpoints implements AccessWatch {
  onHit: ((hit: WatchHit) => void) | undefined;
  readonly #machine: Hardware;
  readonly #lists: Record<Owner, readonly Watchpoint[]> = { native: [], own: [] };

  constructor(machine: Hardware) {
    this.#machine = machine;
  }

  /** Replaces one owner's list. What cannot bind now waits; what never can says so. */
  replace(owner: Owner, wanted: readonly WatchpointRequest[]): readonly WatchpointStatus[] {
    const parsed = wanted.map((request) => ({ request, spec: parseWatch(request.spec) }));
    this.#lists[owner] = parsed.flatMap(({ request, spec }) =>
      typeof spec === "string" ? [] : [{ request, spec }],
    );
    this.#machine.cpu.flush();
    return parsed.map(({ request, spec }) => this.#status(request, spec));
  }

  covers(page: PhysicalAddress): boolean {
    return this.#bound().some(({ start, end }) => start < page + PAGE_SIZE && end > page);
  }

  check(access: CpuAccess): void {
    const kind = access.value === undefined ? "read" : "write";
    const hits = this.#bound().filter(
      ({ watchpoint, start, end }) =>
        watchpoint.spec[kind] && start < access.physical + access.bytes && end > access.physical,
    );
    if (hits.length) this.onHit?.(this.#hit(access, hits));
  }

  #hit(access: CpuAccess, hits: readonly Bound[]): WatchHit {
    const kind = access.value === undefined ? "read" : "write";
    const target = describeTarget(this.#machine, access.physical);
    const old = hex(peekValue(this.#machine, access.physical, access.bytes));
    const value = access.value === undefined ? undefined : hex(access.value);
    return {
      ids: hits.map(({ watchpoint }) => watchpoint.request.id),
      access: kind,
      target,
      bytes: access.bytes,
      old,
      ...(value && { value }),
      text: value ? `write ${target} ${old} → ${value}` : `read ${target} = ${old}`,
      log: hits.every(({ watchpoint }) => watchpoint.request.log === true),
    };
  }

  #bound(): readonly Bound[] {
    const all = [...this.#lists.native, ...this.#lists.own];
    return all.flatMap((watchpoint) => {
      const range = this.#range(watchpoint.spec);
      return typeof range === "string" ? [] : [{ watchpoint, ...range }];
    });
  }

  #status({ id }: WatchpointRequest, spec: WatchSpec | string): WatchpointStatus {
    if (typeof spec === "string") return { id, verified: false, never: true, message: spec };
    const range = this.#range(spec);
    if (typeof range !== "string") return { id, verified: true };
    const unknown = spec.target.kind === "register" && !findRegister(this.#machine, spec.target.name);
    return { id, verified: false, message: range, ...(unknown && { never: true as const }) };
  }

  /** The physical range, or why there is none. */
  #range({ target }: WatchSpec): { start: PhysicalAddress; end: number } | string {
    if (target.kind === "address") return this.#addressRange(target);
    const named = findRegister(this.#machine, target.name);
    if (!named) return `This machine has no register ${target.name}`;
    return this.#registerRange(named);
  }

  #registerRange(named: NamedRegister): { start: PhysicalAddress; end: number } | string {
    const start = registerAddress(this.#machine, named);
    if (start === undefined) return `BAR ${named.bar.index} of ${named.function.name} has no address yet`;
    const [msb, lsb] = named.bits ?? [named.register.width - 1, 0];
    return { start: offset(start, lsb >>> 3), end: start + (msb >>> 3) + 1 };
  }

  #addressRange({
    address,
    bytes,
  }: {
    address: bigint;
    bytes: number;
  }): { start: PhysicalAddress; end: number } | string {
    const upper = address >> 63n === 1n ? canonical(address) : undefined;
    const start = upper === undefined ? toPhysical(address) : this.#translate(upper);
    if (start === undefined) return `${hex(address)} is not mapped yet`;
    return { start, end: start + bytes };
  }

  #translate(address: VirtualAddress): PhysicalAddress | undefined {
    const found = this.#machine.pageTable.walk(highHalf(address), lowHalf(address));
    return found < 0 ? undefined : physical(found);
  }
}

function toPhysical(address: bigint): PhysicalAddress | undefined {
  return address < 1n << 52n ? physical(Number(address)) : undefined;
}

/** `edu.FACTORIAL`, `edu BAR0+0x30`, or the address itself. */
export function describeTarget(machine: Hardware, address: PhysicalAddress): string {
  const routed = machine.physical.routeOf(address);
  if (routed?.kind !== "bar") return hex(address);
  const { bar, function: fn } = routed;
  const window = machine.root.windowOf("memory", address);
  const at = window ? Number(machine.root.toBus(window, address) - bar.base) : 0;
  const { target } = bar;
  const bank = machine.devices
    .flatMap(({ banks }) => banks)
    .find((it) => target.kind === "io" && target.io === it);
  const inside = Object.entries(bank?.registers.map ?? {}).find(
    ([, register]) => at >= register.at && at < register.at + register.width / 8,
  );
  if (!inside) return `${fn.name} BAR${bar.index}+${hex(at)}`;
  const [name, register] = inside;
  return at === register.at ? `${fn.name}.${name}` : `${fn.name}.${name}+${at - register.at}`;
}
