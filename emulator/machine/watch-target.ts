/** Where a watchpoint's target is now, and what is at an address: a watchpoint names things that move. */

import { bus, highHalf, lowHalf, PAGE_SIZE, type PhysicalAddress, physical } from "../core/address";
import { canonical, hex } from "../core/hex";
import type { Register } from "../core/register-map";
import type { Iommu } from "../iommu/iommu";
import type { Bar } from "../pci/bar";
import { parseBdf } from "../pci/bdf";
import type { PciFunction } from "../pci/function";
import { bdfText } from "../pci/root-bus";
import type { Hardware } from "./hardware";
import { bankBehind, findConfigRegister, findRegister, functionNamed, physicalOf } from "./register-names";
import type { WatchTarget } from "./watch-spec";

/** `config:edu` is the configuration space of a function. */
export type Space = "memory" | "port" | `config:${string}`;

export interface Range {
  readonly space: Space;
  readonly start: number;
  /** Not included. */
  readonly end: number;
}

/** `bits`: of the value at the first range, for a field. */
export type Resolved =
  | { readonly ranges: readonly Range[]; readonly bits?: readonly [msb: number, lsb: number] }
  | { readonly wait: string }
  | { readonly never: string };

export function resolve(machine: Hardware, target: WatchTarget): Resolved {
  switch (target.kind) {
    case "register":
      return atRegister(machine, target.name);
    case "bar":
      return atBar(machine, target);
    case "device":
      return atDevice(machine, target.name);
    case "iova":
      return atDeviceAddress(machine, target);
    case "port":
      return span("port", Number(target.address), target.bytes);
    default:
      return atAddress(machine, target);
  }
}

function span(space: Space, start: number, bytes: number): { readonly ranges: readonly Range[] } {
  return { ranges: [{ space, start, end: start + bytes }] };
}

function atRegister(machine: Hardware, text: string): Resolved {
  const inConfiguration = atConfiguration(machine, text);
  if (inConfiguration) return inConfiguration;
  const named = findRegister(machine, text);
  if (!named) return { never: `This machine has no register ${text}` };
  const base = barRange(machine, named.bar);
  if (!base) return { wait: `BAR ${named.bar.index} of ${named.function.name} has no address yet` };
  return within(base.space, base.start, { register: named.register, bits: named.bits });
}

function atConfiguration(machine: Hardware, text: string): Resolved | undefined {
  const found = findConfigRegister(machine, text);
  if (!found) return undefined;
  const { function: fn, register, field, bits } = found;
  if (field !== undefined && !bits) return { never: `This machine has no register ${text}` };
  return within(`config:${fn.name}`, 0, { register, bits });
}

function within(
  space: Space,
  base: number,
  { register, bits }: { register: Register; bits: readonly [number, number] | undefined },
): Resolved {
  const [msb, lsb] = bits ?? [register.width - 1, 0];
  const start = base + register.at + (lsb >>> 3);
  const range = { space, start, end: base + register.at + (msb >>> 3) + 1 };
  if (!bits) return { ranges: [range] };
  const moved = (lsb >>> 3) * 8;
  return { ranges: [range], bits: [msb - moved, lsb - moved] };
}

function atBar(machine: Hardware, { device, index }: { device: string; index: number }): Resolved {
  const fn = functionNamed(machine, device);
  if (!fn) return { never: `This machine has no device ${device}` };
  const bar = fn.bars.find((it) => it.index === index);
  if (!bar) return { never: `${device} has no BAR ${index}` };
  const range = barRange(machine, bar);
  return range ? { ranges: [range] } : { wait: `BAR ${index} of ${device} has no address yet` };
}

/** All BARs that have an address now, and configuration space. */
function atDevice(machine: Hardware, name: string): Resolved {
  const fn = functionNamed(machine, name);
  if (!fn) return { never: `This machine has no device ${name}` };
  const bars = fn.bars.flatMap((bar) => barRange(machine, bar) ?? []);
  return { ranges: [...bars, { space: `config:${name}`, start: 0, end: fn.config.size }] };
}

function atAddress(machine: Hardware, target: Extract<WatchTarget, { bytes: number }>): Resolved {
  const { address, bytes } = target;
  const start = target.kind === "bus" ? fromBus(machine, address) : fromCpu(machine, address);
  if (start === undefined) return { wait: `${hex(address)} is not mapped yet` };
  return span("memory", start, bytes);
}

function fromCpu(machine: Hardware, address: bigint): PhysicalAddress | undefined {
  const upper = address >> 63n === 1n ? canonical(address) : undefined;
  if (upper === undefined) return address < 1n << 52n ? physical(Number(address)) : undefined;
  const found = machine.pageTable.walk(highHalf(upper), lowHalf(upper));
  return found < 0 ? undefined : physical(found);
}

/** Page by page: what is in one piece for a device may be scattered in memory. */
function atDeviceAddress(
  machine: Hardware,
  { device, address, bytes }: Extract<WatchTarget, { kind: "iova" }>,
): Resolved {
  const at = parseBdf(device);
  const fn = at ? machine.root.functionAt(at) : functionNamed(machine, device);
  if (!fn) return { never: `This machine has no device ${device}` };
  const ranges: { space: "memory"; start: number; end: number }[] = [];
  for (let done = 0; done < bytes; ) {
    const here = address + BigInt(done);
    const start = machine.iommu?.enabled ? remapped(machine.iommu, fn, here) : fromBus(machine, here);
    if (start === undefined) return { wait: `${hex(here)} is not mapped for ${device} yet` };
    const length = Math.min(bytes - done, PAGE_SIZE - (start % PAGE_SIZE));
    const last = ranges.at(-1);
    if (last?.end === start) last.end += length;
    else ranges.push({ space: "memory", start, end: start + length });
    done += length;
  }
  return { ranges };
}

/** By the tables, for reading or for writing. */
function remapped(iommu: Iommu, fn: PciFunction, address: bigint): PhysicalAddress | undefined {
  const requester = iommu.requesterOf(fn);
  const ways = [false, true].map((write) => iommu.walk({ requester, address: bus(address), write }));
  return ways.find((way) => way.kind !== "fault")?.physical;
}

/** A window of the host bridge, or RAM, which devices see where the CPU does. */
function fromBus(machine: Hardware, address: bigint): PhysicalAddress | undefined {
  const cpu = machine.root.toCpu("memory", bus(address));
  if (cpu !== undefined) return physical(cpu);
  const same = fromCpu(machine, address);
  return same !== undefined && machine.physical.ramOffset(same) !== undefined ? same : undefined;
}

function barRange(machine: Hardware, bar: Bar): Range | undefined {
  const start = physicalOf(machine, { bar });
  return start === undefined
    ? undefined
    : { space: bar.kind === "io" ? "port" : "memory", start, end: start + bar.size };
}

/** What is at a place: a register with its bytes inside it, or no more than a device, or nothing that has a name. */
export interface Found {
  /** `edu.FACTORIAL`, `edu BAR0+0x30`, or the address itself. */
  readonly text: string;
  readonly function?: PciFunction;
  readonly register?: Register;
  /** Bytes from the start of the register. */
  readonly inside?: number;
}

export function findAt(machine: Hardware, space: Space, at: number): Found {
  if (space === "memory" || space === "port") return findInBar(machine, space, at);
  const name = space.slice("config:".length);
  const fn = functionNamed(machine, name);
  if (!fn) return { text: `${name} configuration+${hex(at)}` };
  return inMap(fn, {
    device: `${name}.config`,
    map: fn.config.map,
    at,
    other: `${name} configuration+${hex(at)}`,
  });
}

function findInBar(machine: Hardware, space: "memory" | "port", at: number): Found {
  for (const fn of machine.root.functions) {
    for (const bar of fn.bars) {
      const range = barRange(machine, bar);
      if (range?.space !== space || at < range.start || at >= range.end) continue;
      const inside = at - range.start;
      const bank = bankBehind(machine, bar);
      const other = `${fn.name} BAR${bar.index}+${hex(inside)}`;
      return inMap(fn, { device: bank?.name ?? fn.name, map: bank?.registers.map ?? {}, at: inside, other });
    }
  }
  return { text: space === "port" ? `port ${hex(at)}` : hex(at) };
}

function inMap(
  fn: PciFunction,
  {
    device,
    map,
    at,
    other,
  }: { device: string; map: Readonly<Record<string, Register>>; at: number; other: string },
): Found {
  const found = Object.entries(map).find(([, it]) => at >= it.at && at < it.at + it.width / 8);
  if (!found) return { text: other, function: fn };
  const [name, register] = found;
  const inside = at - register.at;
  const text = inside === 0 ? `${device}.${name}` : `${device}.${name}+${inside}`;
  return { text, function: fn, register, inside };
}

export function bdfOf(fn: PciFunction | undefined): string {
  return bdfText(fn);
}
