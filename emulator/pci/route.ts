/**
 * Who answers a request that goes downstream: functions claim by their BARs, bridges forward what lies in a window.
 * Bits that gate: I/O and Memory Space Enable, at the function and at every bridge above it.
 * What nobody claims goes to a subtractive bridge, if the bus has one.
 * Where two claim one address (undefined in the specification), the lower device and function number wins.
 */

import type { BusAddress } from "../core/address";
import { digits } from "../core/hex";
import type { Bar } from "./bar";
import { Bridge, type BridgeWindow } from "./bridge";
import type { Bus } from "./bus";
import { everything, forwards, isSubtractive, type Request } from "./forwarding";
import type { PciFunction } from "./function";
import type { Space } from "./place";

/** A bridge passed on the way, and the window that let the request through. */
export interface Passed {
  readonly bridge: Bridge;
  readonly window: BridgeWindow;
}

export type Route =
  | {
      readonly kind: "bar";
      readonly function: PciFunction;
      readonly bar: Bar;
      readonly passed: readonly Passed[];
    }
  | { readonly kind: "dead"; readonly passed: readonly Passed[]; readonly why: string };

export function route(bus: Bus, address: BusAddress, space: Space): Route {
  return search({ address, space }, { bus, passed: [] });
}

function search(request: Request, { bus, passed }: { bus: Bus; passed: readonly Passed[] }): Route {
  let near: string | undefined;
  for (const fn of bus.functions) {
    if (!fn.answers) continue;
    const bar = fn.bars.find(
      (it) =>
        (it.kind === "io") === (request.space === "io") &&
        it.contains(request.address) &&
        !isUnmapped(fn, it),
    );
    if (bar && fn.decodes(request.space)) return { kind: "bar", function: fn, bar, passed };
    if (bar) near ??= `${fn.name} BAR ${bar.index} holds this address, but ${hindrance(fn, request.space)}`;
    if (!(fn instanceof Bridge) || !fn.below) continue;
    const window = forwards(fn, request);
    if (window && fn.decodes(request.space))
      return search(request, { bus: fn.below, passed: [...passed, { bridge: fn, window }] });
    if (window)
      near ??= `the ${window.kind} window of ${fn.name} holds this address, but ${hindrance(fn, request.space)}`;
  }
  const last = bus.functions.find(
    (fn): fn is Bridge => fn instanceof Bridge && fn.answers && isSubtractive(fn),
  );
  if (last?.below && last.decodes(request.space))
    return search(request, {
      bus: last.below,
      passed: [...passed, { bridge: last, window: everything(request.space) }],
    });
  return {
    kind: "dead",
    passed,
    why: near ?? `no BAR or window on bus ${digits(bus.number, 2)} holds this address`,
  };
}

/** The quirk BAR_AT_TOP_UNMAPPED. */
function isUnmapped({ quirks }: PciFunction, { kind, base, size }: Bar): boolean {
  return kind === "mem32" && base + BigInt(size) === 1n << 32n && quirks.take("BAR_AT_TOP_UNMAPPED");
}

function hindrance(fn: PciFunction, space: Space): string {
  if (fn.command[space]) return `${fn.name} is in power state D${fn.powerState}`;
  return `${enableBit(space)} of ${fn.name} is 0`;
}

function enableBit(space: Space): string {
  return space === "io" ? "I/O Space Enable (Command bit 0)" : "Memory Space Enable (Command bit 1)";
}
