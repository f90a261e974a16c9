/**
 * Where an address goes, hop by hop: virtual → page tables → physical → host bridge → bus → bridges → BAR → register.
 * By peek alone; the same walk that the CPU's miss takes.
 */
import {
  formatVirtual,
  highHalf,
  lowHalf,
  offset,
  type PhysicalAddress,
  physical,
  type VirtualAddress,
} from "../core/address";
import { digits, hex } from "../core/hex";
import type { Address } from "../machine/description";
import type { Hardware } from "../machine/hardware";
import { peekValue } from "../machine/peek";
import { bankBehind, findRegister, type NamedRegister, registerAddress } from "../machine/register-names";
import type { Hop, Translation } from "../machine/views";
import type { Entry } from "../mmu/page-table";
import type { HostWindow } from "../pci/root-complex";
import type { Route } from "../pci/route";
import { parseAddress } from "./address-text";
import { inConfiguration } from "./configuration";
import { dead, type Ending, registerHop, type Start } from "./ending";
import { tableHop } from "./page-walk";

/** The configuration mechanism of the PC (PCI 3.0, 3.2.2.3.2). */
const CONFIG_PORTS = { start: 0xcf8, end: 0xcff } as const;

/** Throws `AddressError` for text that is no address and no register. */
export function translate(machine: Hardware, text: string): Translation {
  return { ...walk(machine, text), aliases: [] };
}

function walk(machine: Hardware, text: string): Omit<Translation, "aliases"> {
  const input = text.trim();
  const parsed = parseAddress(machine, input);
  if (parsed.kind === "virtual") return { input, space: "virtual", ...fromVirtual(machine, parsed.address) };
  if (parsed.kind === "port") return { input, space: "port", ...fromPort(machine, parsed.port, input) };
  if (parsed.kind === "bus") return { input, space: "bus", ...fromBus(machine, parsed.address) };
  if (parsed.kind === "register")
    return { input, space: "register", ...fromRegister(machine, parsed.register) };
  return {
    input,
    space: "physical",
    ...fromPhysical(machine, parsed.address, { name: hex(parsed.address), hops: [] }),
  };
}

function fromVirtual(machine: Hardware, address: VirtualAddress): Ending {
  const hops: Hop[] = [{ kind: "virtual", title: "Virtual address", address: hex(address), facts: [] }];
  const name = `0x${formatVirtual(address)}`;
  const visit = (entry: Entry) => void hops.push(tableHop(entry));
  const found = machine.pageTable.walk(highHalf(address), lowHalf(address), { visit });
  if (found >= 0) return fromPhysical(machine, physical(found), { name, hops });
  const sentence = `${name} is not mapped: the entry is not present. Nobody mapped this address, or it was unmapped`;
  return { hops: [...hops, dead("Not mapped")], end: "dead", sentence };
}

function fromPhysical(machine: Hardware, address: PhysicalAddress, { name, hops }: Start): Ending {
  const here = [
    ...hops,
    { kind: "physical", title: "Physical address", address: hex(address), facts: [] } as Hop,
  ];
  if (machine.physical.ramOffset(address) !== undefined) return inRam(machine, address, { name, hops: here });
  if (machine.physical.isEcam(address)) return inConfiguration(machine, address, { name, hops: here });
  const window = machine.root.windowOf("memory", address);
  return window
    ? throughWindow(machine, { name, hops: here }, { window, address })
    : outside(machine, { name, hops: here }, address);
}

/** Nothing of the machine's parts is there; the platform may be known to have something. */
function outside(machine: Hardware, { name, hops }: Start, address: PhysicalAddress): Ending {
  const inside = (it: { start: Address; end: Address }) =>
    address >= Number(it.start) && address <= Number(it.end);
  const known = machine.description.platform.find((it) => it.name !== "Reserved" && inside(it));
  const sentence = known
    ? `${name} is the platform's ${known.name}, whose registers are not modelled; a read is all ones`
    : `${name} reaches nothing: no RAM is there, and no window of the host bridge holds ${hex(address)}; a read is all ones`;
  return {
    hops: [...hops, dead(known ? `${known.name}, not modelled` : "No window")],
    end: "dead",
    sentence,
  };
}

function fromPort(machine: Hardware, port: number, name: string): Ending {
  const hops: Hop[] = [{ kind: "port", title: "I/O port", address: hex(port), facts: [] }];
  if (port >= CONFIG_PORTS.start && port <= CONFIG_PORTS.end) {
    const sentence = `${name} is the host bridge's own: CF8 takes the address, CFC the data of configuration accesses`;
    const hop: Hop = { kind: "configuration", title: "Configuration mechanism", facts: [] };
    return { hops: [...hops, hop], end: "configuration", sentence };
  }
  const window = machine.root.windowOf("io", port);
  if (window) return throughWindow(machine, { name, hops }, { window, address: physical(port) });
  const sentence = `${name} reaches nothing: no window of the host bridge holds port ${hex(port)}; a read is all ones`;
  return { hops: [...hops, dead("No window")], end: "dead", sentence };
}

function throughWindow(
  machine: Hardware,
  { name, hops }: Start,
  { window, address }: { readonly window: HostWindow; readonly address: PhysicalAddress },
): Ending {
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
  const route = machine.root.route(window, address);
  return alongRoute(machine, { name, hops: [...hops, bridge, bus] }, { route, address, onBus });
}

interface OnBus {
  readonly route: Route | undefined;
  readonly address: PhysicalAddress;
  readonly onBus: bigint;
}

function alongRoute(machine: Hardware, { name, hops }: Start, { route, address, onBus }: OnBus): Ending {
  const passed = (route?.passed ?? []).map(
    ({ bridge, window }): Hop => ({
      kind: "bridge",
      title: `${bridge.name}, ${window.kind} window`,
      address: hex(onBus),
      facts: [
        { label: "window", value: `${hex(window.start)}-${hex(window.end)}` },
        { label: "to bus", value: digits(bridge.config.get("SECONDARY_BUS"), 2) },
      ],
    }),
  );
  if (route?.kind !== "bar") {
    const sentence = `${name} dies on the bus: ${route?.why ?? "nothing answers"}; the request is unsupported, a read is all ones`;
    return { hops: [...hops, ...passed, dead("Unsupported Request")], end: "dead", sentence };
  }
  const { bar, function: fn } = route;
  const inside = Number(onBus - bar.base);
  const barHop: Hop = {
    kind: "bar",
    title: `${fn.name} BAR${bar.index} + ${hex(inside)}`,
    address: hex(inside),
    facts: [
      { label: "base", value: hex(bar.base) },
      { label: "size", value: hex(bar.size) },
      { label: "offset in BAR", value: hex(inside) },
    ],
  };
  return atBar(machine, { name, hops: [...hops, ...passed, barHop] }, { fn: fn.name, inside, bar, address });
}

interface AtBar {
  readonly fn: string;
  readonly inside: number;
  readonly bar: (Route & { kind: "bar" })["bar"];
  readonly address: PhysicalAddress;
}

function atBar(machine: Hardware, { name, hops }: Start, { fn, inside, bar, address }: AtBar): Ending {
  if (bar.target.kind === "memory") {
    const sentence = `${name} is byte ${hex(inside)} of the memory behind BAR ${bar.index} of ${fn}`;
    return { hops: [...hops, memoryHop(machine, "Device memory", address)], end: "memory", sentence };
  }
  const bank = bankBehind(machine, bar);
  const [register, declared] =
    Object.entries(bank?.registers.map ?? {}).find(
      ([, { at, width }]) => inside >= at && inside < at + width / 8,
    ) ?? [];
  if (!bank || !register || !declared) {
    const sentence = `${name} is offset ${hex(inside)} of BAR ${bar.index} of ${fn}, where the device defines no register; a read is all ones`;
    return { hops: [...hops, dead("No register")], end: "dead", sentence };
  }
  const value = hex(bank.registers.get(register));
  const hop = registerHop(bank.name, bank.registers, register);
  const id = `${bank.name}.${register}`;
  const sentence =
    name === id ? `${id} is at ${hex(address)} and holds ${value}` : `${name} is ${id}, which holds ${value}`;
  return { hops: [...hops, hop], end: "register", sentence };
}

function inRam(machine: Hardware, address: PhysicalAddress, { name, hops }: Start): Ending {
  return {
    hops: [...hops, memoryHop(machine, "RAM", address)],
    end: "memory",
    sentence: `${name} is RAM at ${hex(address)}`,
  };
}

function memoryHop(machine: Hardware, title: string, address: PhysicalAddress): Hop {
  const value = hex(peekValue(machine, offset(address, -(address % 4)), 4));
  return { kind: "ram", title, facts: [{ label: "32-bit value", value }] };
}

function fromBus(machine: Hardware, address: bigint): Ending {
  const cpu = machine.root.windows.find(
    (it) => it.kind === "memory" && within(address + BigInt(it.offset), it),
  );
  if (cpu)
    return fromPhysical(machine, physical(Number(address) + cpu.offset), {
      name: `bus address ${hex(address)}`,
      hops: [],
    });
  const hop: Hop = { kind: "bus", title: "Bus address", address: hex(address), facts: [] };
  const sentence = `No window of the host bridge leads to bus address ${hex(address)}: the CPU cannot reach it`;
  return { hops: [hop, dead("No window")], end: "dead", sentence };
}

function within(address: bigint, { start, end }: { readonly start: number; readonly end: number }): boolean {
  return address >= BigInt(start) && address <= BigInt(end);
}

function fromRegister(machine: Hardware, named: NamedRegister): Ending {
  const at = registerAddress(machine, named);
  if (at !== undefined && named.bar.kind === "io") return fromPort(machine, at, named.id);
  if (at !== undefined && findRegister(machine, named.id))
    return fromPhysical(machine, at, { name: named.id, hops: [] });
  const sentence = `${named.id} cannot be reached: BAR ${named.bar.index} of ${named.function.name} has no address`;
  return { hops: [dead("No address")], end: "dead", sentence };
}
