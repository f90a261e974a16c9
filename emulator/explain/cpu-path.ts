/** The CPU's side: virtual → page tables → physical → RAM, configuration space or a window of the host bridge; ports. */
import {
  highHalf,
  lowHalf,
  offset,
  type PhysicalAddress,
  physical,
  type VirtualAddress,
} from "../core/address";
import { hex } from "../core/hex";
import { RegisterBank } from "../core/register-bank";
import type { Address, PlatformRange } from "../machine/description";
import type { Hardware } from "../machine/hardware";
import type { Hop } from "../machine/way-views";
import type { Entry } from "../mmu/page-table";
import { inEcam } from "./configuration";
import { memoryHop, throughWindow } from "./downstream";
import { dead, type Ending, registerHop, type Start } from "./ending";
import { tableHop } from "./page-walk";

/** The configuration mechanism of the PC (PCI 3.0, 3.2.2.3.2). */
const CONFIG_PORTS = { start: 0xcf8, end: 0xcff } as const;

/** With `write`, an entry that forbids it ends the walk. */
export function fromVirtual(
  machine: Hardware,
  address: VirtualAddress,
  { name, write = false }: { readonly name: string; readonly write?: boolean },
): Ending {
  const hops: Hop[] = [{ kind: "virtual", title: "Virtual address", address: hex(address), facts: [] }];
  let last: Entry | undefined;
  const visit = (entry: Entry) => {
    last = entry;
    hops.push(tableHop(entry));
  };
  const found = machine.pageTable.walk(highHalf(address), lowHalf(address), { visit, write });
  if (found >= 0) return fromPhysical(machine, physical(found), { name, hops });
  const { fault } = machine.pageTable;
  const sentence =
    fault === "read-only"
      ? `${name} cannot be written: the entry is read-only`
      : `${name} is not mapped: the entry is not present. Nobody mapped this address, or it was unmapped`;
  const title = fault === "read-only" ? "Read-only" : "Not mapped";
  const death = last && ({ kind: "page", fault, entry: last, address } as const);
  return { hops: [...hops, dead(title, "a page fault")], end: "dead", sentence, ...(death && { death }) };
}

export function fromPhysical(machine: Hardware, address: PhysicalAddress, { name, hops }: Start): Ending {
  const hop: Hop = { kind: "physical", title: "Physical address", address: hex(address), facts: [] };
  const here = { name, hops: [...hops, hop] };
  if (machine.physical.ramOffset(address) !== undefined) return inRam(machine, address, here);
  const configuration = inEcam(machine, address, here);
  if (configuration) return configuration;
  const window = machine.root.windowOf("memory", address);
  if (window) return throughWindow(machine, here, { window, address });
  return inPlatform(machine, address, here) ?? outside(machine, address, here);
}

/** Registers of the chipset itself, as those of the IOMMU. */
function inPlatform(machine: Hardware, address: PhysicalAddress, { name, hops }: Start): Ending | undefined {
  const decoded = machine.physical.decode(address);
  if (decoded.kind !== "io" || !(decoded.io instanceof RegisterBank)) return undefined;
  const { registers: file, name: device } = decoded.io;
  const inside = decoded.at + (address - decoded.start);
  const target = { kind: "platform", device, inside, address } as const;
  const [register, declared] =
    Object.entries(file.map).find(([, { at, width }]) => inside >= at && inside < at + width / 8) ?? [];
  if (register === undefined || !declared) {
    const sentence = `${name} is offset ${hex(inside)} of ${device}, where no register is`;
    return { hops: [...hops, dead("No register", "zero")], end: "dead", sentence, target };
  }
  const hop = registerHop(device, { file, name: register, at: hex(address - (inside - declared.at)) });
  const sentence = `${name} is ${device}.${register}, which holds ${hex(file.get(register))}`;
  return { hops: [...hops, hop], end: "register", sentence, target };
}

export function inRam(machine: Hardware, address: PhysicalAddress, { name, hops }: Start): Ending {
  return {
    hops: [...hops, memoryHop("RAM", machine.physical.readWord(offset(address, -(address % 4))) ?? 0)],
    end: "memory",
    sentence: `${name} is RAM at ${hex(address)}`,
    target: { kind: "ram", address },
  };
}

/** Nothing of the machine's parts is there; the platform may be known to have something. */
function outside(machine: Hardware, address: PhysicalAddress, { name, hops }: Start): Ending {
  const known = platformAt(machine.description.platform, address);
  const sentence = known
    ? `${name} is the platform's ${known}, whose registers are not modelled; a read is all ones`
    : `${name} reaches nothing: no RAM is there, and no window of the host bridge holds ${hex(address)}; a read is all ones`;
  return {
    hops: [...hops, dead(known ? `${known}, not modelled` : "No window")],
    end: "dead",
    sentence,
    death: known
      ? { kind: "platform", what: known, space: "memory" }
      : { kind: "no-window", space: "memory", address },
  };
}

function platformAt(ranges: readonly PlatformRange[], address: number): string | undefined {
  const inside = (it: { start: Address; end: Address }) =>
    address >= Number(it.start) && address <= Number(it.end);
  return ranges.find((it) => it.name !== "Reserved" && inside(it))?.name;
}

export function fromPort(machine: Hardware, port: number, name: string): Ending {
  const hops: Hop[] = [{ kind: "port", title: "I/O port", address: hex(port), facts: [] }];
  if (port >= CONFIG_PORTS.start && port <= CONFIG_PORTS.end) {
    const sentence = `${name} is the host bridge's own: CF8 takes the address, CFC the data of configuration accesses`;
    const hop: Hop = { kind: "configuration", title: "Configuration mechanism", facts: [] };
    return { hops: [...hops, hop], end: "configuration", sentence };
  }
  const window = machine.root.windowOf("io", port);
  const ended = window && throughWindow(machine, { name, hops }, { window, address: physical(port) });
  if (ended && ended.death?.kind !== "unclaimed") return ended;
  const known = platformAt(machine.description.ports ?? [], port);
  if (known) return atPlatformPort(known, { name, hops });
  if (ended) return ended;
  const sentence = `${name} reaches nothing: no window of the host bridge holds port ${hex(port)}; a read is all ones`;
  const death = { kind: "no-window", space: "io", address: port } as const;
  return { hops: [...hops, dead("No window")], end: "dead", sentence, death };
}

function atPlatformPort(what: string, { name, hops }: Start): Ending {
  const sentence = `${name} is the platform's ${what}, whose registers are not modelled; a read is all ones`;
  const death = { kind: "platform", what, space: "io" } as const;
  return { hops: [...hops, dead(`${what}, not modelled`)], end: "dead", sentence, death };
}
