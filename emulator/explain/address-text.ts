/** What people type for an address: `0x40000008`, `ffffc90000000008`, `bus:0x40000008`, `edu.FACTORIAL`. */
import { offset, type PhysicalAddress, physical, type VirtualAddress } from "../core/address";
import { canonical, parseNumber } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import { findConfigRegister, findRegister, type NamedRegister } from "../machine/register-names";
import { ecamOffset } from "../pci/config-access";

export type ParsedAddress =
  | { readonly kind: "virtual"; readonly address: VirtualAddress }
  | { readonly kind: "physical"; readonly address: PhysicalAddress }
  | { readonly kind: "bus"; readonly address: bigint }
  | { readonly kind: "port"; readonly port: number }
  | { readonly kind: "register"; readonly register: NamedRegister };

/** The text is no address. */
export class AddressError extends Error {}

const HOW =
  "write 0x… for a physical or virtual address, bus:0x… for a bus address, port:0x… for a port, or device.REGISTER";

export function parseAddress(machine: Hardware, text: string): ParsedAddress {
  if (text.startsWith("bus:")) return { kind: "bus", address: number(text.slice(4), text) };
  if (/^(port|io):/.test(text)) return toPort(number(text.slice(text.indexOf(":") + 1), text), text);
  if (text.startsWith("phys:")) return toPhysical(number(text.slice(5), text), text);
  if (text.startsWith("virt:")) return toVirtual(number(text.slice(5), text), text);
  if (/^([a-z][\w-]*|[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])\.\w/i.test(text)) return toRegister(machine, text);
  const value = number(/^[0-9a-f]{9,16}$/i.test(text) ? `0x${text}` : text, text);
  return value >> 52n ? toVirtual(value, text) : toPhysical(value, text);
}

function number(text: string, whole: string): bigint {
  const value = /^\d+$/.test(text) ? undefined : parseNumber(text);
  if (value === undefined) throw new AddressError(`"${whole}" is no address: ${HOW}`);
  return value;
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

/** A configuration register is where ECAM shows it. */
function toConfiguration(machine: Hardware, text: string): PhysicalAddress | undefined {
  const found = findConfigRegister(machine, text);
  const place = found?.function.place;
  if (!place || found.field !== undefined) return undefined;
  const { bus, ...slot } = place;
  return offset(machine.physical.ecam, ecamOffset({ ...slot, bus: bus.number, at: found.register.at }));
}

function toRegister(machine: Hardware, text: string): ParsedAddress {
  const configuration = toConfiguration(machine, text);
  if (configuration !== undefined) return { kind: "physical", address: configuration };
  const register = findRegister(machine, text);
  if (!register) throw new AddressError(`This machine has no register "${text}": ${HOW}`);
  return { kind: "register", register };
}
