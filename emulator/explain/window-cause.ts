/** An address that lies outside a bridge's windows, though a device below holds it (PCIe Base Specification 7.5.1.3). */
import { hex } from "../core/hex";
import type { Mend } from "../machine/way-views";
import type { Bar } from "../pci/bar";
import type { Bridge, BridgeWindow, WindowKind } from "../pci/bridge";
import type { PciFunction } from "../pci/function";
import type { Space } from "../pci/place";
import { type Cause, decider, setField } from "./cause";

interface Outside {
  readonly space: Space;
  readonly bar: Bar;
  readonly address: bigint;
}

const REGISTER: Readonly<Record<WindowKind, string>> = {
  io: "IO",
  memory: "MEMORY",
  prefetchable: "PREF_MEMORY",
};
/** Base and limit hold the address bits from here up, in blocks of 4 KiB or 1 MiB. */
const BLOCK_BITS: Readonly<Record<WindowKind, number>> = { io: 12, memory: 20, prefetchable: 20 };
const FIELD_BITS: Readonly<Record<WindowKind, number>> = { io: 4, memory: 12, prefetchable: 12 };

export function outsideWindow(bridge: Bridge, fn: PciFunction, outside: Outside): Cause {
  const window = windowFor(bridge, outside);
  const { kind } = window;
  const low = outside.address < window.start || !window.open;
  const limit = decider(bridge, `${REGISTER[kind]}_${low ? "BASE" : "LIMIT"}`, {
    field: "ADDRESS",
    wants: hex(blockOf(kind, outside.address)),
  });
  const range = window.open
    ? `is ${hex(window.start)}-${hex(window.end)}`
    : "is closed (its base is above its limit)";
  const holder = fn === bridge ? "" : `, which BAR ${outside.bar.index} of ${fn.name} behind it holds`;
  return {
    why: `${bridge.name} does not forward ${hex(outside.address)}${holder}: its ${kind} window ${range}, by ${limit.register} at ${limit.at}`,
    decides: limit,
    mends: widen(bridge, window, outside),
  };
}

/** The window that the BAR would have to lie in, or the one that nearly holds it. */
function windowFor(bridge: Bridge, { space, bar, address }: Outside): BridgeWindow {
  if (space === "io") return bridge.window("io");
  const [memory, prefetchable] = [bridge.window("memory"), bridge.window("prefetchable")];
  const near = [memory, prefetchable].find(
    ({ open, start, end }) => open && bar.base >= start && bar.base <= end,
  );
  if (near) return near;
  const high = address >> 32n !== 0n;
  return high || (bar.prefetchable && prefetchable.open) ? prefetchable : memory;
}

/** Base and limit around the whole BAR, as far as the fields can say it. */
function widen(bridge: Bridge, { kind, open, start, end }: BridgeWindow, { bar }: Outside): readonly Mend[] {
  const last = bar.base + BigInt(bar.size) - 1n;
  const from = open && start < bar.base ? start : bar.base;
  const to = open && end > last ? end : last;
  const sentence = `Let Linux place it anew (boot with pci=realloc), or move the ${kind} window of ${bridge.name} to ${hex(from)}-${hex(to)}`;
  return (["BASE", "LIMIT"] as const)
    .filter((edge) => !open || (edge === "BASE" ? bar.base < start : last > end))
    .map((edge) =>
      setField(bridge, `${REGISTER[kind]}_${edge}`, {
        field: "ADDRESS",
        value: blockOf(kind, edge === "BASE" ? from : to),
        sentence,
      }),
    );
}

function blockOf(kind: WindowKind, address: bigint): number {
  return Number((address >> BigInt(BLOCK_BITS[kind])) & ((1n << BigInt(FIELD_BITS[kind])) - 1n));
}
