/**
 * A person's own accesses, beside the driver's: looks (peek), accesses over the bus as the CPU's are, with every effect
 * they have on the device, and pokes, which store past every rule and which no device notices.
 * Not modelled: their time, and the watchpoints they would hit.
 */
import { highHalf, lowHalf, offset, type PhysicalAddress, physical } from "../core/address";
import { hex } from "../core/hex";
import type { Io } from "../core/io";
import { AddressError, type ParsedAddress, parseAddress } from "../explain/address-text";
import { walk } from "../explain/walk";
import type { Bar } from "../pci/bar";
import type { PciFunction } from "../pci/function";
import type { Machine } from "./machine";
import { peekByte } from "./peek";
import { physicalOf } from "./register-names";
import { findAt } from "./watch-target";

export type Bytes = 1 | 2 | 4 | 8;

/** `bits`: of a field. `bytes`: a register's own width. */
export type Place = (
  | { readonly kind: "memory"; readonly address: PhysicalAddress }
  | { readonly kind: "config"; readonly function: PciFunction; readonly at: number }
  | { readonly kind: "port"; readonly at: number }
) & { readonly bytes: Bytes; readonly bits?: readonly [msb: number, lsb: number] };

/**
 * Where an address is, `at` bytes further, in any words that `parseAddress` takes: `edu.STATUS.IRQFACT`, `0x…`,
 * `bus@01:00.0:0x…`, `iova@01:00.0:0x…`, `cfg@01:00.0:0x10`, `io:0x3f8`. Undefined where nothing is mapped. Throws
 * AddressError.
 */
export function placeOf(machine: Machine, text: string, at = 0): Place | undefined {
  const parsed = parseAddress(machine, text);
  if (parsed.kind === "port") return { kind: "port", at: parsed.port + at, bytes: 4 };
  if (parsed.kind === "configuration") return inConfiguration(machine, text, { ...parsed, at });
  if (parsed.kind === "bar") return behindBar(machine, parsed.bar, { at: parsed.inside + at, bytes: 4 });
  if (parsed.kind === "register") {
    const { register, bits, bar } = parsed.register;
    const bytes = (register.width / 8) as Bytes;
    return behindBar(machine, bar, { at: register.at + at, bytes, ...(bits && { bits }) });
  }
  const address = memoryOf(machine, parsed, at);
  return address === undefined ? undefined : { kind: "memory", address, bytes: 4 };
}

/** One byte, or undefined where nothing answers. */
export function peekPlace(machine: Machine, place: Place): number | undefined {
  if (place.kind === "memory") return peekByte(machine, place.address);
  if (place.kind === "port") return place.at < 0x10000 ? machine.portMap.peek(place.at, 1) : undefined;
  return place.at < place.function.config.size ? place.function.configPeek(place.at, 1) : undefined;
}

/** A look at `bytes`; of a field, its bits. Bytes where nothing answers are ones. */
export function peek(machine: Machine, place: Place, bytes: Bytes = place.bytes): bigint {
  let value = 0n;
  for (let byte = bytes - 1; byte >= 0; byte--)
    value = (value << 8n) | BigInt(peekPlace(machine, moved(place, byte)) ?? 0xff);
  return cut(value, place.bits);
}

/** Over the bus. */
export function read(machine: Machine, place: Place, bytes: Bytes = place.bytes): bigint {
  if (place.kind === "memory") {
    const target = targetOf(machine, place.address);
    if (!target) return peek(machine, place, bytes);
    return cut(
      bytes === 8 ? target.io.read64(target.at) : BigInt(target.io.read(target.at, bytes)),
      place.bits,
    );
  }
  const narrow = narrowed(bytes);
  if (place.kind === "port") return cut(BigInt(machine.portMap.read(place.at, narrow)), place.bits);
  return cut(BigInt(place.function.configRead(place.at, narrow)), place.bits);
}

/** Over the bus. A field is written with what its register holds around it. */
export function write(
  machine: Machine,
  place: Place,
  { value, bytes = place.bytes }: { readonly value: bigint; readonly bytes?: Bytes },
): void {
  const whole = place.bits ? merged(peek(machine, withoutBits(place), bytes), place.bits, value) : value;
  if (place.kind === "memory") {
    const target = targetOf(machine, place.address);
    if (!target) poke(machine, place, { value, bytes });
    else if (bytes === 8) target.io.write64(target.at, whole);
    else target.io.write(target.at, { width: bytes, value: Number(whole) });
    return;
  }
  const access = { width: narrowed(bytes), value: Number(whole) };
  if (place.kind === "port") machine.portMap.write(place.at, access);
  else place.function.configWrite(place.at, access);
}

/** Past every rule. Throws a sentence where there is nothing that could be changed. */
export function poke(
  machine: Machine,
  place: Place,
  { value, bytes = place.bytes }: { readonly value: bigint; readonly bytes?: Bytes },
): void {
  const whole = place.bits ? merged(peek(machine, withoutBits(place), bytes), place.bits, value) : value;
  for (let byte = 0; byte < bytes; byte++)
    pokeByte(machine, moved(place, byte), Number((whole >> BigInt(byte * 8)) & 0xffn));
  machine.cpu.flush();
}

function pokeByte(machine: Machine, place: Place, value: number): void {
  if (place.kind === "memory" && machine.physical.decode(place.address).kind === "memory") {
    const decoded = machine.physical.decode(place.address);
    if (decoded.kind === "memory")
      decoded.memory.copyIn(decoded.at + (place.address - decoded.start), Uint8Array.of(value));
    return;
  }
  const [file, at] = storageOf(machine, place);
  const shift = (at & 3) * 8;
  file.setWord(at & ~3, (file.word(at & ~3) & ~(0xff << shift)) | (value << shift));
}

function storageOf(machine: Machine, place: Place) {
  if (place.kind === "config") return [place.function.config, place.at] as const;
  const [space, at] =
    place.kind === "port" ? (["port", place.at] as const) : (["memory", place.address] as const);
  const found = findAt(machine, space, at);
  const bank = machine.devices
    .flatMap(({ banks }) => banks)
    .find(({ name }) => found.text.startsWith(`${name}.`));
  if (!bank || !found.register) throw new AddressError(`${found.text} stores nothing that could be changed`);
  return [bank.registers, found.register.at + (found.inside ?? 0)] as const;
}

function targetOf(
  machine: Machine,
  address: PhysicalAddress,
): { readonly io: Io; readonly at: number } | undefined {
  const decoded = machine.physical.decode(address);
  return decoded.kind === "io" ? { io: decoded.io, at: decoded.at + (address - decoded.start) } : undefined;
}

function inConfiguration(
  machine: Machine,
  text: string,
  { place, at, bytes, bits }: ParsedAddress & { readonly kind: "configuration" } & { readonly at: number },
): Place {
  const fn = machine.root.functionAt({ segment: 0, ...place });
  if (!fn)
    throw new AddressError(`There is no function at "${text}": write bus:device.function as lspci does`);
  return { kind: "config", function: fn, at: place.at + at, bytes, ...(bits && { bits }) };
}

function behindBar(
  machine: Machine,
  bar: Bar,
  { at, ...rest }: { readonly at: number; readonly bytes: Bytes; readonly bits?: Place["bits"] & object },
): Place | undefined {
  const base = physicalOf(machine, { bar });
  if (base === undefined) return undefined;
  if (bar.kind === "io") return { kind: "port", at: base + at, ...rest };
  return { kind: "memory", address: offset(base, at), ...rest };
}

type OfMemory = ParsedAddress & { readonly kind: "physical" | "virtual" | "bus" | "iova" };

/** Each byte by itself: what follows on one page may lie elsewhere on the next. */
function memoryOf(machine: Machine, parsed: OfMemory, at: number): PhysicalAddress | undefined {
  if (parsed.kind === "physical") return offset(parsed.address, at);
  if (parsed.kind === "virtual") {
    const address = offset(parsed.address, at);
    const found = machine.pageTable.walk(highHalf(address), lowHalf(address));
    return found < 0 ? undefined : physical(found);
  }
  return reached(machine, { ...parsed, address: parsed.address + BigInt(at) });
}

/** Where the walk of a bus address ends, of a device's or of the CPU's. */
function reached(machine: Machine, parsed: OfMemory): PhysicalAddress | undefined {
  const { target } = walk(machine, parsed, { input: "" });
  if (target?.kind === "ram") return target.address;
  if (target?.kind !== "bar") return undefined;
  const start = physicalOf(machine, target);
  return start === undefined ? undefined : offset(start, target.inside);
}

/** `bytes` further, within the same page. */
export function moved(place: Place, bytes: number): Place {
  if (place.kind === "memory") return { ...place, address: offset(place.address, bytes) };
  return { ...place, at: place.at + bytes };
}

function withoutBits({ bits: _, ...place }: Place): Place {
  return place;
}

function narrowed(bytes: Bytes): 1 | 2 | 4 {
  if (bytes === 8) throw new AddressError("Ports and configuration space take at most 32 bits at once");
  return bytes;
}

function cut(value: bigint, bits: Place["bits"]): bigint {
  if (!bits) return value;
  const [msb, lsb] = bits;
  return (value >> BigInt(lsb)) & ((1n << BigInt(msb - lsb + 1)) - 1n);
}

function merged(around: bigint, [msb, lsb]: readonly [number, number], value: bigint): bigint {
  const ones = (1n << BigInt(msb - lsb + 1)) - 1n;
  if (value & ~ones)
    throw new AddressError(`${hex(value)} does not fit the ${msb - lsb + 1} bits of the field`);
  return (around & ~(ones << BigInt(lsb))) | (value << BigInt(lsb));
}
