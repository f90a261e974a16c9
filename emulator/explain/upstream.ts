/** From a function up: whether it may send, what the IOMMU makes of its address, and the RAM that it reaches. */
import { bus, physical } from "../core/address";
import { digits, hex } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import type { Hop } from "../machine/way-views";
import { ascend } from "../pci/ascent";
import { Bridge } from "../pci/bridge";
import { requesterId } from "../pci/error-message";
import type { PciFunction } from "../pci/function";
import { rootBusOf } from "../pci/root-bus";
import { inRam } from "./cpu-path";
import { cpuAddressOf, toPeer } from "./downstream";
import { dead, type Ending, type Start } from "./ending";
import { readConfigs } from "./reads";
import { remapHop } from "./remapping";

export interface Request {
  readonly from: PciFunction;
  readonly address: bigint;
  readonly write: boolean;
}

/** Message interrupts of x86 (Intel SDM vol. 3A, 11.11). */
const MESSAGES = { start: 0xfee0_0000n, end: 0xfeef_ffffn } as const;
const PHYSICAL_END = 1n << 52n;

export function fromFunction(machine: Hardware, name: string, request: Request): Ending {
  const { from, address } = request;
  const translated = machine.iommu?.enabled ?? false;
  const id = requesterId(from);
  const sender: Hop = {
    kind: "function",
    title: `${from.name} sends`,
    facts: [{ label: "requester", value: `${digits(id >>> 8, 2)}:${digits((id >>> 3) & 31, 2)}.${id & 7}` }],
    reads: readConfigs(from, ["COMMAND", "PM_CTRL"]),
  };
  const carried: Hop = translated
    ? { kind: "iova", title: "I/O virtual address", address: hex(address), facts: [] }
    : { kind: "bus", title: "Bus address", address: hex(address), facts: [] };
  const bridges = bridgesAbove(from);
  const here = { name, hops: [sender, carried, ...bridges.map(bridgeHop)] };
  const held = heldBack(from, bridges);
  if (held) return maySend(here, { ...held, from });
  return onItsWay(machine, here, request);
}

function bridgesAbove(fn: PciFunction): readonly Bridge[] {
  const above: Bridge[] = [];
  for (let bridge = fn.place?.bus.bridge; bridge; bridge = bridge.place?.bus.bridge)
    if (bridge instanceof Bridge) above.push(bridge);
  return above;
}

function bridgeHop(bridge: Bridge): Hop {
  return {
    kind: "bridge",
    title: `${bridge.name}, upstream`,
    facts: [],
    reads: readConfigs(bridge, ["COMMAND"]),
  };
}

interface Held {
  readonly by: PciFunction;
  readonly why: string;
}

/** The first that keeps a request from going up (PCIe 7.5.1.1.3): as the function itself finds it. */
export function heldBack(from: PciFunction, bridges = bridgesAbove(from)): Held | undefined {
  if (!from.answers) return { by: from, why: "it is not there" };
  if (!from.command.busMaster) return { by: from, why: "Bus Master Enable (Command bit 2) is 0" };
  if (from.powerState !== 0) return { by: from, why: `it is in power state D${from.powerState}` };
  const above = bridges.find((it) => !it.answers || !it.command.busMaster);
  if (!above) return undefined;
  return { by: above, why: above.answers ? "Bus Master Enable (Command bit 2) is 0" : "it is not there" };
}

function maySend({ name, hops }: Start, { by, why, from }: Held & { readonly from: PciFunction }): Ending {
  const whose = by === from ? by.name : `${by.name}, a bridge above ${from.name}`;
  const sentence = `${name} never leaves ${by.name}: ${whose === by.name ? "" : `of ${whose}: `}${why}; a read gets all ones, a write is dropped`;
  // The hops end where the request is held.
  const last = hops.findIndex(({ title }) => title === `${by.name}, upstream`);
  const until = by === from ? hops.slice(0, 2) : hops.slice(0, last + 1);
  const death = { kind: "may-not-send", from, by, why } as const;
  return { hops: [...until, dead("Blocked")], end: "dead", sentence, death };
}

/** Across to a peer, or up to the root complex. */
function onItsWay(machine: Hardware, start: Start, request: Request): Ending {
  const way = ascend(request.from, bus(request.address));
  if (way.kind === "root") return atRootComplex(machine, start, request);
  if (way.kind === "peer") {
    const address = cpuAddressOf(machine, request.address, rootBusOf(request.from));
    return toPeer(machine, start, { route: way.route, onBus: request.address, address });
  }
  const sentence = `${start.name} goes nowhere: ${way.why}; a read gets all ones, a write is lost`;
  const death = { kind: "sent-back", from: request.from, why: way.why } as const;
  return { hops: [...start.hops, dead("Not forwarded")], end: "dead", sentence, death };
}

function atRootComplex(machine: Hardware, start: Start, request: Request): Ending {
  const { name, hops } = start;
  const { from, address, write } = request;
  if (write && address >= MESSAGES.start && address <= MESSAGES.end) {
    const hop: Hop = { kind: "message", title: "Message interrupt", address: hex(address), facts: [] };
    const target = { kind: "message", address } as const;
    return { hops: [...hops, hop], end: "message", sentence: `${name} is a message interrupt`, target };
  }
  const { iommu } = machine;
  if (!iommu?.enabled) return toRam(machine, start, { from, address });
  const steps: Hop[] = [];
  const requester = iommu.requesterOf(from);
  const found = iommu.walk({ requester, address, write }, (step) => void steps.push(remapHop(step)));
  const here = { name, hops: [...hops, ...steps] };
  if (found.kind !== "fault") return toRam(machine, here, { from, address: BigInt(found.physical) });
  const { reason, text } = found;
  const sentence = `${name} is blocked by the IOMMU: ${text} (fault reason ${hex(reason)}); a read gets all ones, a write is dropped`;
  const death = { kind: "remapping", from, address, write, reason, text, requester } as const;
  return { hops: [...here.hops, dead("DMA fault")], end: "dead", sentence, death };
}

/** Devices see RAM where the CPU does. `from`: absent where it does not matter who asks. */
export function toRam(
  machine: Hardware,
  { name, hops }: Start,
  { from, address }: { readonly from?: PciFunction; readonly address: bigint },
): Ending {
  const at = address < PHYSICAL_END ? physical(Number(address)) : undefined;
  const facts: Hop["facts"] = [];
  const here: Hop[] =
    at === undefined
      ? [...hops]
      : [...hops, { kind: "physical", title: "Physical address", address: hex(at), facts }];
  if (at !== undefined && machine.physical.ramOffset(at) !== undefined)
    return inRam(machine, at, { name, hops: here });
  const seen = machine.iommu?.enabled ? at : cpuAddressOf(machine, address);
  const down = from && seen !== undefined ? machine.root.routeDown(seen) : undefined;
  if (down?.route.kind === "bar")
    return toPeer(machine, { name, hops: here }, { route: down.route, onBus: down.address, address: seen });
  const why = down?.route.kind === "dead" ? `there is no RAM, and ${down.route.why}` : "there is no RAM";
  const sentence = `${name} reaches nothing: ${why}; a read gets all ones, a write is lost`;
  const death = { kind: "no-ram", from, address } as const;
  return { hops: [...here, dead("No RAM")], end: "dead", sentence, death };
}
