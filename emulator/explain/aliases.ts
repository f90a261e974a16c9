/** Backwards: every address that reaches a byte. Each candidate is walked forward, and stays if it arrives. */
import { type PhysicalAddress, physical } from "../core/address";
import { hex } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import { bankBehind } from "../machine/register-names";
import { bdfOf } from "../machine/watch-target";
import type { Alias } from "../machine/way-views";
import type { PciFunction } from "../pci/function";
import { rootBusOf } from "../pci/root-bus";
import { parseAddress } from "./address-text";
import { ecamAddress } from "./configuration";
import { type Target, targetName } from "./ending";
import { ioVirtuals } from "./io-scan";
import { virtualsOf, virtualText } from "./page-scan";
import { walk } from "./walk";

export function aliasesOf(machine: Hardware, target: Target): readonly Alias[] {
  const name = targetName(target);
  const arrives = ({ address }: Alias) => {
    const reached = walk(machine, parseAddress(machine, address), { input: address }).target;
    return reached !== undefined && targetName(reached) === name;
  };
  const physicals = physicalsOf(machine, target).filter(arrives);
  const virtuals = physicals.flatMap(({ address }) => virtualAliases(machine, physical(Number(address))));
  return [...virtuals, ...physicals, ...others(machine, target).filter(arrives)];
}

function virtualAliases(machine: Hardware, at: PhysicalAddress): readonly Alias[] {
  return virtualsOf(machine, at).map(({ address, how }) => ({
    space: "virtual",
    address: virtualText(address),
    by: how,
  }));
}

function physicalsOf(machine: Hardware, target: Target): readonly Alias[] {
  const one = (address: number, by: string): Alias => ({ space: "physical", address: hex(address), by });
  if (target.kind === "ram") return [one(target.address, "RAM")];
  if (target.kind === "platform") return [one(target.address, "the chipset")];
  if (target.kind === "configuration") return ecamOf(machine, target).map((at) => one(at, "ECAM"));
  if (target.kind !== "bar" || target.bar.kind === "io") return [];
  const onBus = target.bar.base + BigInt(target.inside);
  return memoryWindows(machine, target.function).flatMap(({ start, end, offset }) => {
    const cpu = onBus + BigInt(offset);
    const inside = cpu >= BigInt(start) && cpu <= BigInt(end);
    return inside ? [one(Number(cpu), `window ${hex(start)}-${hex(end)} of the host bridge`)] : [];
  });
}

function memoryWindows(machine: Hardware, fn: PciFunction) {
  const root = rootBusOf(fn);
  return machine.root.windows.filter(
    ({ kind, bus, segment }) => kind === "memory" && bus === root?.number && segment === root.segment,
  );
}

function ecamOf(
  machine: Hardware,
  { function: fn, at }: Target & { readonly kind: "configuration" },
): number[] {
  const { place } = fn;
  if (!place) return [];
  const { bus, ...slot } = place;
  const segment = rootBusOf(fn)?.segment ?? 0;
  const address = ecamAddress(machine, { ...slot, segment, bus: bus.number, at });
  return address === undefined ? [] : [address];
}

/** Bus addresses, ports, configuration space, names. */
function others(machine: Hardware, target: Target): readonly Alias[] {
  switch (target.kind) {
    case "ram":
      return machine.iommu?.enabled
        ? ioVirtuals(machine, machine.iommu, target.address)
        : [{ space: "bus", address: `bus:${hex(target.address)}`, by: "DMA of any function" }];
    case "configuration":
      return configurationNames(target);
    case "bar":
      return barNames(machine, target);
    default:
      return [];
  }
}

function configurationNames({
  function: fn,
  at,
}: Target & { readonly kind: "configuration" }): readonly Alias[] {
  const registers = Object.entries(fn.config.map).filter(([, it]) => it.at === at);
  return [
    { space: "configuration", address: `${bdfOf(fn)}+${hex(at)}`, by: `configuration space of ${fn.name}` },
    ...registers.map(
      ([name]): Alias => ({ space: "register", address: `${fn.name}.config.${name}`, by: "its name" }),
    ),
  ];
}

function barNames(
  machine: Hardware,
  { function: fn, bar, inside }: Target & { readonly kind: "bar" },
): readonly Alias[] {
  const onBus = hex(bar.base + BigInt(inside));
  const one = machine.root.buses.length === 1;
  const by = `BAR ${bar.index} of ${fn.name}`;
  const bank = bankBehind(machine, bar);
  const registers = Object.entries(bank?.registers.map ?? {}).filter(([, it]) => it.at === inside);
  return [
    bar.kind === "io"
      ? { space: "port", address: `io:${onBus}`, by }
      : { space: "bus", address: one ? `bus:${onBus}` : `bus@${bdfOf(fn)}:${onBus}`, by },
    { space: "register", address: `${fn.name}.BAR${bar.index}+${hex(inside)}`, by },
    ...registers.map(
      ([name]): Alias => ({ space: "register", address: `${bank?.name}.${name}`, by: "its name" }),
    ),
  ];
}
