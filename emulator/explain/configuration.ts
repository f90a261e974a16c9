/**
 * An address in configuration space: down the bus numbers to a function, and its registers (PCI 3.0, 3.2.2.3; PCIe Base
 * Specification 7.2).
 */
import { type PhysicalAddress, physical } from "../core/address";
import { digits, hex } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import type { Hop } from "../machine/way-views";
import { formatBdf } from "../pci/bdf";
import { Bridge } from "../pci/bridge";
import type { Bus } from "../pci/bus";
import { type ConfigPlace, configPeek, ecamOffset } from "../pci/config-access";
import type { PciFunction } from "../pci/function";
import { configHop, dead, type Ending, type Start } from "./ending";
import { readConfigs } from "./reads";

/** The ports 0xcf8 and 0xcfc reach the first 256 bytes. */
const BY_PORT = 256;
const BUS_NUMBERS = ["PRIMARY_BUS", "SECONDARY_BUS", "SUBORDINATE_BUS"];

/** By memory: an address inside ECAM. */
export function inEcam(machine: Hardware, address: PhysicalAddress, start: Start): Ending | undefined {
  const place = machine.physical.configPlaceAt(address);
  return place && inConfiguration(machine, place, start);
}

/** Where memory shows a register of configuration space; undefined while nothing does. */
export function ecamAddress(machine: Hardware, place: ConfigPlace): PhysicalAddress | undefined {
  const { segment = 0 } = place;
  const range = machine.physical.ecams.find((it) => it.segment === segment);
  if (!range) return undefined;
  const address = physical(range.start + ecamOffset({ ...place, segment: 0 }));
  return machine.physical.isEcam(address) ? address : undefined;
}

export function inConfiguration(machine: Hardware, place: ConfigPlace, { name, hops }: Start): Ending {
  const { segment = 0, bus, device, function: number, at } = place;
  const asked = { segment, bus, device, function: number };
  const who = formatBdf(asked);
  const present = machine.root.functionAt(asked);
  const bridges = bridgesTo(machine, { segment, bus });
  const here = [...hops, requestHop(machine, place, present?.name ?? who), ...(bridges ?? []).map(bridgeHop)];
  if (present) return atRegister(present, { name, hops: here }, { who, at });
  const sentence = bridges
    ? `${name} is configuration space of ${who}, which is absent: a read is all ones`
    : `${name} is configuration space of ${who}, but no bridge leads to bus ${digits(bus, 2)}: a read is all ones`;
  return {
    hops: [...here, dead("No function")],
    end: "dead",
    sentence,
    death: { kind: "absent", who, bus },
  };
}

function requestHop(machine: Hardware, place: ConfigPlace, title: string): Hop {
  const aligned = place.at & ~3;
  const { segment = 0 } = place;
  const ecam = ecamAddress(machine, { ...place, at: aligned });
  const selector = (0x8000_0000 | (ecamOffset({ ...place, at: 0 }) >>> 4) | aligned) >>> 0;
  const byPort = segment === 0 && aligned < BY_PORT;
  const facts = [
    { label: "function", value: formatBdf({ ...place, segment }) },
    { label: "offset", value: hex(place.at) },
    { label: "32-bit value", value: hex(configPeek(machine.root, { ...place, at: aligned }, 4)) },
    ...(ecam !== undefined ? [{ label: "by memory (ECAM)", value: hex(ecam) }] : []),
    ...(byPort ? [{ label: "by ports", value: `${hex(selector)} to 0xcf8, data at 0xcfc` }] : []),
  ];
  return { kind: "configuration", title: `Configuration space of ${title}`, facts };
}

function bridgeHop(bridge: Bridge): Hop {
  const facts = [{ label: "to bus", value: digits(bridge.config.value("SECONDARY_BUS"), 2) }];
  return {
    kind: "bridge",
    title: `${bridge.name}, bus numbers`,
    facts,
    reads: readConfigs(bridge, BUS_NUMBERS),
  };
}

/** The bridges that a request to this bus number passes; undefined where none leads there. */
function bridgesTo(
  machine: Hardware,
  { segment, bus }: { readonly segment: number; readonly bus: number },
): readonly Bridge[] | undefined {
  for (const root of machine.root.buses) {
    const found = root.segment === segment ? bridgesFrom(root, bus) : undefined;
    if (found) return found;
  }
  return undefined;
}

function bridgesFrom(bus: Bus, number: number): readonly Bridge[] | undefined {
  if (bus.number === number) return [];
  for (const fn of bus.functions) {
    if (!(fn instanceof Bridge) || !fn.below || !fn.answers) continue;
    const [secondary, last] = [fn.config.value("SECONDARY_BUS"), fn.config.value("SUBORDINATE_BUS")];
    if (secondary === 0 || number < secondary || number > last) continue;
    const below = bridgesFrom(fn.below, number);
    return below && [fn, ...below];
  }
  return undefined;
}

function atRegister(
  fn: PciFunction,
  { name, hops }: Start,
  { who, at }: { readonly who: string; readonly at: number },
): Ending {
  const place = `byte ${hex(at)} of the configuration space of ${who}`;
  const target = { kind: "configuration", function: fn, at } as const;
  const registers = Object.entries(fn.config.map);
  const [register] = registers.find(([, it]) => at >= it.at && at < it.at + it.width / 8) ?? [];
  if (register === undefined) return { hops, end: "configuration", sentence: `${name} is ${place}`, target };
  const hop = configHop(fn, register);
  const sentence = `${name} is ${place}: ${hop.title} holds ${hex(fn.config.get(register))}`;
  return { hops: [...hops, hop], end: "configuration", sentence, target };
}
