/** An address in memory-mapped configuration space. */
import { offset, type PhysicalAddress } from "../core/address";
import { hex } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import { peekValue } from "../machine/peek";
import type { Hop } from "../machine/views";
import { formatBdf } from "../pci/bdf";
import { ecamPlace } from "../pci/config-access";
import type { PciFunction } from "../pci/function";
import { dead, type Ending, registerHop, type Start } from "./ending";

export function inConfiguration(machine: Hardware, address: PhysicalAddress, { name, hops }: Start): Ending {
  const { bus, device, function: number, at } = ecamPlace(address - machine.physical.ecam);
  const who = formatBdf({ segment: 0, bus, device, function: number });
  const present = machine.root.functionAt(bus, device, number);
  const facts = [
    { label: "function", value: who },
    { label: "offset", value: hex(at) },
    { label: "32-bit value", value: hex(peekValue(machine, offset(address, -(address % 4)), 4)) },
  ];
  const hop: Hop = { kind: "configuration", title: `Configuration space of ${present?.name ?? who}`, facts };
  const here = [...hops, hop];
  if (present) return atRegister(present, { name, hops: here }, { who, at });
  const sentence = `${name} is configuration space of ${who}, which is absent: a read is all ones`;
  return { hops: [...here, dead("No function")], end: "dead", sentence };
}

function atRegister(
  fn: PciFunction,
  { name, hops }: Start,
  { who, at }: { readonly who: string; readonly at: number },
): Ending {
  const place = `byte ${hex(at)} of the configuration space of ${who}`;
  const registers = Object.entries(fn.config.map);
  const [register] = registers.find(([, it]) => at >= it.at && at < it.at + it.width / 8) ?? [];
  if (register === undefined) return { hops, end: "configuration", sentence: `${name} is ${place}` };
  const hop = registerHop(`${fn.name}.config`, fn.config, register);
  const sentence = `${name} is ${place}: ${hop.title} holds ${hex(fn.config.get(register))}`;
  return { hops: [...hops, hop], end: "configuration", sentence };
}
