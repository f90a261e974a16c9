/** The way of an address of any space, as far as it goes. By peek alone; the same walk that the CPU's miss takes. */
import { formatVirtual, offset } from "../core/address";
import { hex } from "../core/hex";
import { bitRange, extract } from "../core/register-map";
import type { Hardware } from "../machine/hardware";
import { type NamedRegister, physicalOf, registerAddress } from "../machine/register-names";
import type { AddressSpace, Hop } from "../machine/way-views";
import { rootBusOf } from "../pci/root-bus";
import type { ParsedAddress } from "./address-text";
import { inConfiguration } from "./configuration";
import { fromPhysical, fromPort, fromVirtual } from "./cpu-path";
import { cpuAddressOf, noAddress } from "./downstream";
import { dead, type Ending } from "./ending";
import { fromFunction, toRam } from "./upstream";

export const SPACE_OF: Readonly<Record<ParsedAddress["kind"], AddressSpace>> = {
  virtual: "virtual",
  physical: "physical",
  bus: "bus",
  iova: "iova",
  port: "port",
  configuration: "configuration",
  bar: "register",
  register: "register",
};

interface Asked {
  /** The text that was asked for. */
  readonly input: string;
  readonly write?: boolean;
}

export function walk(machine: Hardware, parsed: ParsedAddress, { input, write = false }: Asked): Ending {
  switch (parsed.kind) {
    case "virtual":
      return fromVirtual(machine, parsed.address, { name: `0x${formatVirtual(parsed.address)}`, write });
    case "physical":
      return fromPhysical(machine, parsed.address, { name: hex(parsed.address), hops: [] });
    case "port":
      return fromPort(machine, parsed.port, input);
    case "configuration":
      return inConfiguration(machine, parsed.place, { name: input, hops: [] });
    case "bus":
      return fromBus(machine, parsed);
    case "iova": {
      const { of: from, address } = parsed;
      return fromFunction(machine, `DMA of ${from.name} to ${hex(address)}`, { from, address, write });
    }
    case "bar":
      return fromBar(machine, parsed, input);
    case "register":
      return fromRegister(machine, parsed.register);
  }
}

/** Through the window that leads there, as the CPU would; otherwise it is what a device would send. */
function fromBus(machine: Hardware, { address, of }: ParsedAddress & { readonly kind: "bus" }): Ending {
  const name = `bus address ${hex(address)}`;
  const root = of && rootBusOf(of);
  const cpu = cpuAddressOf(machine, address, root);
  if (cpu !== undefined) return fromPhysical(machine, cpu, { name, hops: [] });
  if (of) return fromFunction(machine, name, { from: of, address, write: true });
  const hop: Hop = { kind: "bus", title: "Bus address", address: hex(address), facts: [] };
  const up = machine.iommu?.enabled ? undefined : toRam(machine, { name, hops: [hop] }, { address });
  if (up?.target) return up;
  const sentence = `No window of the host bridge leads to bus address ${hex(address)}: the CPU cannot reach it`;
  return { hops: [hop, dead("No window")], end: "dead", sentence, death: { kind: "unreachable", address } };
}

function fromBar(
  machine: Hardware,
  { of: fn, bar, inside }: ParsedAddress & { readonly kind: "bar" },
  name: string,
): Ending {
  const start = physicalOf(machine, { bar });
  if (start === undefined) return noAddress(name, { fn, bar });
  const at = offset(start, inside);
  return bar.kind === "io" ? fromPort(machine, at, name) : fromPhysical(machine, at, { name, hops: [] });
}

function fromRegister(machine: Hardware, named: NamedRegister): Ending {
  const { bar, function: fn, id } = named;
  const at = registerAddress(machine, named);
  if (at === undefined) return noAddress(id, { fn, bar });
  const ended =
    bar.kind === "io" ? fromPort(machine, at, id) : fromPhysical(machine, at, { name: id, hops: [] });
  return named.bits && ended.end === "register" ? withField(ended, named) : ended;
}

function withField(ended: Ending, { id, bank, name, bits = [0, 0] }: NamedRegister): Ending {
  const [msb, lsb] = bits;
  const where = msb === lsb ? `bit ${lsb}` : `bits ${msb}:${lsb}`;
  const value = hex(extract(bank.registers.get(name), { bits }));
  const field = Object.entries(bank.registers.map[name]?.fields ?? {}).find(
    ([, it]) => bitRange(it)[0] === msb && bitRange(it)[1] === lsb,
  );
  const doc = field ? `: ${field[1].doc}` : "";
  return { ...ended, sentence: `${id} is ${where} of ${bank.name}.${name} and holds ${value}${doc}` };
}
