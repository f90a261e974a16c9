/**
 * What people type for an address: `0x40000008`, `ffffc90000000008`, `bus:0x40000008`, `bus@01:00.0:0x40000008`,
 * `iova@01:00.0:0xfffff000`, `io:0x3000`, `00:04.0+0x10`, `edu.config.COMMAND`, `edu.BAR0+0x8`, `edu.FACTORIAL`.
 */
import { type PhysicalAddress, physical, type VirtualAddress } from "../core/address";
import { canonical, parseNumber } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import {
  findConfigRegister,
  findRegister,
  functionNamed,
  type NamedRegister,
} from "../machine/register-names";
import type { Bar } from "../pci/bar";
import { parseBdf } from "../pci/bdf";
import type { ConfigPlace } from "../pci/config-access";
import type { PciFunction } from "../pci/function";
import { rootBusOf } from "../pci/root-bus";

/** The bits of a field, where the text names one. */
interface Bits {
  readonly bits?: readonly [msb: number, lsb: number];
}

export type ParsedAddress =
  | { readonly kind: "virtual"; readonly address: VirtualAddress }
  | { readonly kind: "physical"; readonly address: PhysicalAddress }
  /** `of`: on the bus of this function; without, of the first host bridge that has it. */
  | { readonly kind: "bus"; readonly address: bigint; readonly of?: PciFunction }
  /** As a request of this function carries it. */
  | { readonly kind: "iova"; readonly address: bigint; readonly of: PciFunction }
  | { readonly kind: "port"; readonly port: number }
  | ({ readonly kind: "configuration"; readonly place: ConfigPlace; readonly bytes: 1 | 2 | 4 } & Bits)
  | { readonly kind: "bar"; readonly of: PciFunction; readonly bar: Bar; readonly inside: number }
  | { readonly kind: "register"; readonly register: NamedRegister };

/** The text is no address. */
export class AddressError extends Error {}

const HOW =
  "write 0x… for a physical or virtual address, bus:0x… for a bus address, bus@01:00.0:0x… or iova@01:00.0:0x… for one " +
  "of a function, io:0x… for a port, 01:00.0+0x10 for configuration space, or device.REGISTER";
const OF_A_FUNCTION = /^(bus|iova|cfg)@([^@]+):([^:]*)$/;
const IN_CONFIGURATION = /^((?:[0-9a-f]{4,}:)?[0-9a-f]{2}:[01][0-9a-f]\.[0-7])\+(.*)$/i;
const IN_BAR = /^(.+)\.BAR([0-5])(?:\+(.*))?$/;
const NAMED = /^([a-z][\w-]*|[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])\.\w/i;

export function parseAddress(machine: Hardware, text: string): ParsedAddress {
  const [, space, who = "", at = ""] = OF_A_FUNCTION.exec(text) ?? [];
  if (space !== undefined) return ofFunction(machine, text, { space, who, at });
  if (text.startsWith("bus:")) return { kind: "bus", address: number(text.slice(4), text) };
  if (/^(port|io):/.test(text)) return toPort(number(text.slice(text.indexOf(":") + 1), text), text);
  if (text.startsWith("phys:")) return toPhysical(number(text.slice(5), text), text);
  if (text.startsWith("virt:")) return toVirtual(number(text.slice(5), text), text);
  const [, bdf, offset = ""] = IN_CONFIGURATION.exec(text) ?? [];
  if (bdf !== undefined) return toConfiguration(text, bdf, offset);
  if (NAMED.test(text)) return toNamed(machine, text);
  const value = number(/^[0-9a-f]{9,16}$/i.test(text) ? `0x${text}` : text, text);
  return value >> 52n ? toVirtual(value, text) : toPhysical(value, text);
}

function number(text: string, whole: string): bigint {
  const value = /^\d+$/.test(text) ? undefined : parseNumber(text);
  if (value === undefined) throw new AddressError(`"${whole}" is no address: ${HOW}`);
  return value;
}

function ofFunction(
  machine: Hardware,
  text: string,
  { space, who, at }: { readonly space: string; readonly who: string; readonly at: string },
): ParsedAddress {
  if (space === "cfg") return toConfiguration(text, who, at);
  return { kind: space === "bus" ? "bus" : "iova", address: number(at, text), of: functionAt(machine, who) };
}

/** By its place, or by the machine's own name for it. */
export function functionAt(machine: Hardware, text: string): PciFunction {
  const at = parseBdf(text);
  const found = at ? machine.root.functionAt(at) : functionNamed(machine, text);
  if (found) return found;
  throw new AddressError(
    `There is no function "${text}": write bus:device.function as lspci does, or its name`,
  );
}

function toPort(value: bigint, text: string): ParsedAddress {
  if (value > 0xffffn) throw new AddressError(`"${text}" is beyond port 0xffff: there are 65,536 ports`);
  return { kind: "port", port: Number(value) };
}

function toPhysical(value: bigint, text: string): ParsedAddress {
  if (value >> 52n)
    throw new AddressError(`"${text}" has more than the 52 bits of a physical address: ${HOW}`);
  return { kind: "physical", address: physical(Number(value)) };
}

function toVirtual(value: bigint, text: string): ParsedAddress {
  const address = canonical(value);
  if (address !== undefined) return { kind: "virtual", address };
  throw new AddressError(`"${text}" is not canonical: bits 63 to 47 of a virtual address are all equal`);
}

function toConfiguration(text: string, who: string, offset: string): ParsedAddress {
  const place = parseBdf(who);
  if (!place)
    throw new AddressError(`There is no function "${who}": write bus:device.function as lspci does`);
  const at = number(offset, text);
  if (at > 0xfffn)
    throw new AddressError(`"${text}" is beyond configuration space: a function has 4096 bytes of it`);
  return { kind: "configuration", place: { ...place, at: Number(at) }, bytes: 4 };
}

function toNamed(machine: Hardware, text: string): ParsedAddress {
  const [, device = "", index, inside = "0x0"] = IN_BAR.exec(text) ?? [];
  if (index !== undefined) return toBar(machine, text, { device, index: Number(index), inside });
  const inConfiguration = toConfigRegister(machine, text);
  if (inConfiguration) return inConfiguration;
  const register = findRegister(machine, text);
  if (!register) throw new AddressError(`This machine has no register "${text}": ${HOW}`);
  return { kind: "register", register };
}

function toBar(
  machine: Hardware,
  text: string,
  { device, index, inside }: { readonly device: string; readonly index: number; readonly inside: string },
): ParsedAddress {
  const of = functionNamed(machine, device);
  const bar = of?.bars.find((it) => it.index === index);
  if (!of || !bar) throw new AddressError(`This machine has no "${text.replace(/\+.*/, "")}"`);
  const at = number(inside, text);
  if (at >= bar.size) throw new AddressError(`"${text}" is beyond the ${bar.size} bytes of BAR ${index}`);
  return { kind: "bar", of, bar, inside: Number(at) };
}

function toConfigRegister(machine: Hardware, text: string): ParsedAddress | undefined {
  const found = findConfigRegister(machine, text);
  const place = found?.function.place;
  if (!place || (found.field !== undefined && !found.bits)) return undefined;
  const { bus, device, function: fn } = place;
  const { at, width } = found.register;
  const bytes = width === 8 ? 1 : width === 16 ? 2 : 4;
  const segment = rootBusOf(found.function)?.segment ?? 0;
  const where = { segment, bus: bus.number, device, function: fn, at };
  return { kind: "configuration", place: where, bytes, ...(found.bits && { bits: found.bits }) };
}
