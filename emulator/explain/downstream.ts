/** From the host bridge down: windows of bridges, the BAR that answers, and what is behind it. */
import { type PhysicalAddress, physical } from "../core/address";
import { digits, hex } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import { bankBehind } from "../machine/register-names";
import { bdfOf } from "../machine/watch-target";
import type { Hop } from "../machine/way-views";
import type { Bar } from "../pci/bar";
import type { Bridge, BridgeWindow } from "../pci/bridge";
import type { Bus } from "../pci/bus";
import type { PciFunction } from "../pci/function";
import type { HostWindow } from "../pci/root-complex";
import type { Passed, Route } from "../pci/route";
import { dead, type Ending, registerHop, type Start, valueText } from "./ending";
import { readConfigs } from "./reads";

interface Entering {
  readonly window: HostWindow;
  readonly address: PhysicalAddress;
}

/** Through a window of the host bridge: the CPU's side is behind, the bus is ahead. */
export function throughWindow(machine: Hardware, start: Start, entering: Entering): Ending {
  const { window, address } = entering;
  const onBus = machine.root.toBus(window, address);
  const bridge: Hop = {
    kind: "host-bridge",
    title: "Host bridge",
    address: hex(onBus),
    facts: [
      { label: "window", value: `${hex(window.start)}-${hex(window.end)}` },
      { label: "offset", value: hex(window.offset) },
      ...(window.bus ? [{ label: "to bus", value: digits(window.bus, 2) }] : []),
    ],
  };
  const bus: Hop = { kind: "bus", title: "Bus address", address: hex(onBus), facts: [] };
  const hops = [...start.hops, bridge, bus];
  return onTheBus(machine, { ...start, hops }, { ...entering, onBus });
}

/** The request is on the root bus. */
function onTheBus(
  machine: Hardware,
  { name, hops }: Start,
  { window, address, onBus }: Entering & { readonly onBus: bigint },
): Ending {
  const route = machine.root.route(window, address);
  const passed = route?.passed ?? [];
  const here = [...hops, ...passed.map((it) => bridgeHop(it, onBus))];
  if (route?.kind === "bar") return atBar(machine, { name, hops: here }, { route, address, onBus });
  const why = route?.why ?? "nothing answers";
  const sentence = `${name} dies on the bus: ${why}; the request is unsupported, a read is all ones`;
  const space = window.kind;
  const death = { kind: "unclaimed", space, address: onBus, window, passed, why } as const;
  return { hops: [...here, dead("Unsupported Request")], end: "dead", sentence, death };
}

function bridgeHop({ bridge, window }: Passed, onBus: bigint): Hop {
  return {
    kind: "bridge",
    title: `${bridge.name}, ${window.kind} window`,
    address: hex(onBus),
    facts: [
      { label: "window", value: `${hex(window.start)}-${hex(window.end)}` },
      { label: "to bus", value: digits(bridge.config.get("SECONDARY_BUS"), 2) },
    ],
    reads: readConfigs(bridge, ["COMMAND", ...windowRegisters(bridge, window)]),
  };
}

const WINDOW_REGISTERS = {
  io: ["IO_BASE", "IO_LIMIT"],
  memory: ["MEMORY_BASE", "MEMORY_LIMIT"],
  prefetchable: ["PREF_MEMORY_BASE", "PREF_MEMORY_LIMIT", "PREF_BASE_UPPER32", "PREF_LIMIT_UPPER32"],
} as const;

/** The registers that open this window: base and limit, or those that make a bridge forward more than its windows. */
export function windowRegisters(bridge: Bridge, { kind, start, end }: BridgeWindow): readonly string[] {
  const own = bridge.window(kind);
  if (own.open && own.start === start && own.end === end) return WINDOW_REGISTERS[kind];
  return ["BRIDGE_CONTROL", "CLASS_PROG"];
}

interface AtBar {
  readonly route: Route & { readonly kind: "bar" };
  readonly onBus: bigint;
  /** Where the CPU sees it; a device that asks a peer may see what the CPU does not. */
  readonly address?: PhysicalAddress | undefined;
}

/** Past the bridges, from one function to another (PCIe Base Specification 6.12). */
export function toPeer(machine: Hardware, { name, hops }: Start, at: AtBar): Ending {
  const passed = at.route.passed.map((it) => bridgeHop(it, at.onBus));
  return atBar(machine, { name, hops: [...hops, ...passed] }, at);
}

function atBar(machine: Hardware, { name, hops }: Start, { route, address, onBus }: AtBar): Ending {
  const { bar, function: fn } = route;
  const inside = Number(onBus - bar.base);
  const here = [...hops, barHop(fn, bar, inside)];
  const target = { kind: "bar", function: fn, bar, inside } as const;
  if (bar.target.kind === "memory") {
    const sentence = `${name} is byte ${hex(inside)} of the memory behind BAR ${bar.index} of ${fn.name}`;
    const hop = memoryHop("Device memory", bar.target.memory.readWord(inside & ~3));
    return { hops: [...here, hop], end: "memory", sentence, target };
  }
  return behindBar(machine, { name, hops: here }, { fn, bar, inside, address: address ?? Number(onBus) });
}

export function barHop(fn: PciFunction, bar: Bar, inside: number): Hop {
  const high = bar.kind === "mem64" ? [`BASE_ADDRESS_${bar.index + 1}`] : [];
  return {
    kind: "bar",
    title: `${fn.name} BAR${bar.index} + ${hex(inside)}`,
    address: hex(inside),
    facts: [
      { label: "base", value: hex(bar.base) },
      { label: "size", value: hex(bar.size) },
      { label: "offset in BAR", value: hex(inside) },
    ],
    reads: readConfigs(fn, ["COMMAND", `BASE_ADDRESS_${bar.index}`, ...high]),
  };
}

interface Behind {
  readonly fn: PciFunction;
  readonly bar: Bar;
  readonly inside: number;
  readonly address: number;
}

function behindBar(machine: Hardware, { name, hops }: Start, { fn, bar, inside, address }: Behind): Ending {
  const target = { kind: "bar", function: fn, bar, inside } as const;
  const bank = bankBehind(machine, bar);
  const [register, declared] =
    Object.entries(bank?.registers.map ?? {}).find(
      ([, { at, width }]) => inside >= at && inside < at + width / 8,
    ) ?? [];
  if (!bank || register === undefined || !declared) {
    const gives = bank?.peek(inside & ~3, 4) === 0 ? "zero" : "all ones";
    const sentence = `${name} is offset ${hex(inside)} of BAR ${bar.index} of ${fn.name}, where the device defines no register; a read is ${gives}`;
    const death = { kind: "no-register", function: fn, bar, inside } as const;
    return { hops: [...hops, dead("No register", gives)], end: "dead", sentence, target, death };
  }
  const start = hex(address - (inside - declared.at));
  const at = bar.kind === "io" ? `io:${start}` : start;
  const hop = registerHop(bank.name, { file: bank.registers, name: register, at });
  const id = `${bank.name}.${register}`;
  const value = valueText(bank.registers, register);
  const holds = value === "write-only" ? "can only be written" : `holds ${value}`;
  const sentence =
    name === id ? `${id} is at ${hex(address)} and ${holds}` : `${name} is ${id}, which ${holds}`;
  return { hops: [...hops, hop], end: "register", sentence, target };
}

/** `word`: the aligned one around the address, signed. */
export function memoryHop(title: string, word: number): Hop {
  return { kind: "ram", title, facts: [{ label: "32-bit value", value: hex(word >>> 0) }] };
}

/** A BAR that has no address, or none that the CPU reaches. */
export function noAddress(
  name: string,
  { fn, bar }: { readonly fn: PciFunction; readonly bar: Bar },
): Ending {
  const why =
    bar.base === 0n ? "has no address" : `holds ${hex(bar.base)}, where no window of a host bridge leads`;
  return {
    hops: [barHop(fn, bar, 0), dead("No address")],
    end: "dead",
    sentence: `${name} cannot be reached: BAR ${bar.index} of ${fn.name} (${bdfOf(fn)}) ${why}`,
    death: { kind: "no-address", function: fn, bar },
  };
}

/** Where the CPU sees a bus address of memory: by the windows that lead to this root bus, or to any. */
export function cpuAddressOf(machine: Hardware, address: bigint, root?: Bus): PhysicalAddress | undefined {
  const window = machine.root.windows.find((it) => {
    const cpu = address + BigInt(it.offset);
    const here = !root || (it.bus === root.number && it.segment === root.segment);
    return here && it.kind === "memory" && cpu >= BigInt(it.start) && cpu <= BigInt(it.end);
  });
  return window && physical(Number(address) + window.offset);
}
