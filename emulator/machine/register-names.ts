/** Registers by name: `edu.FACTORIAL`, `edu.STATUS.COMPUTING`. */
import { offset, type PhysicalAddress, physical } from "../core/address";
import type { RegisterBank } from "../core/register-bank";
import { bitRange, type Register } from "../core/register-map";
import type { Bar } from "../pci/bar";
import type { PciFunction } from "../pci/function";
import type { Hardware } from "./hardware";

/** A register bank and the BAR it answers behind. */
export interface Place {
  readonly function: PciFunction;
  readonly bar: Bar;
  readonly bank: RegisterBank;
}

export interface NamedRegister extends Place {
  /** `edu.FACTORIAL` */
  readonly id: string;
  readonly name: string;
  readonly register: Register;
  /** The bits of a field, where the name has one. */
  readonly bits?: readonly [msb: number, lsb: number];
}

export function banks(machine: Hardware): readonly Place[] {
  return machine.devices.flatMap(({ function: fn, banks: own }) =>
    own.flatMap((bank) => {
      const bar = fn.bars.find(({ target }) => target.kind === "io" && target.io === bank);
      return bar ? [{ function: fn, bar, bank }] : [];
    }),
  );
}

/** All registers behind BARs, in machine order. */
export function registers(machine: Hardware): readonly NamedRegister[] {
  return banks(machine).flatMap((place) =>
    Object.entries(place.bank.registers.map).map(([name, register]) => ({
      ...place,
      id: `${place.bank.name}.${name}`,
      name,
      register,
    })),
  );
}

/** `device.REGISTER` or `device.REGISTER.FIELD`; undefined where nothing has that name. */
export function findRegister(machine: Hardware, text: string): NamedRegister | undefined {
  const [device, name, field] = text.split(".");
  const found = registers(machine).find(({ id }) => id === `${device}.${name}`);
  if (!found || field === undefined) return found;
  const declared = found.register.fields?.[field];
  return declared && { ...found, id: text, bits: bitRange(declared) };
}

export function functionNamed(machine: Hardware, name: string): PciFunction | undefined {
  return machine.root.functions.find((fn) => fn.name === name);
}

/** The register bank that answers behind a BAR; none where memory does. */
export function bankBehind(machine: Hardware, { target }: Bar): RegisterBank | undefined {
  return machine.devices
    .flatMap((device) => device.banks)
    .find((bank) => target.kind === "io" && target.io === bank);
}

/** A register of configuration space. */
export interface ConfigRegister {
  readonly function: PciFunction;
  readonly register: Register;
  /** What the text calls a field; without `bits` the register has none of that name. */
  readonly field?: string;
  readonly bits?: readonly [msb: number, lsb: number];
}

/** `device.config.REGISTER` or `device.config.REGISTER.FIELD`; undefined where no register has that name. */
export function findConfigRegister(machine: Hardware, text: string): ConfigRegister | undefined {
  const [, device = "", name = "", field] = /^(.+)\.config\.(\w+)(?:\.(\w+))?$/.exec(text) ?? [];
  const fn = functionNamed(machine, device);
  const register = fn?.config.map[name];
  if (!fn || !register) return undefined;
  if (field === undefined) return { function: fn, register };
  const declared = register.fields?.[field];
  return { function: fn, register, field, ...(declared && { bits: bitRange(declared) }) };
}

/** Where the CPU sees the start of a BAR; undefined while no window of the host bridge holds it or it has no address. */
export function physicalOf(machine: Hardware, { bar }: Pick<Place, "bar">): PhysicalAddress | undefined {
  if (bar.base === 0n) return undefined;
  const at = machine.root.toCpu(bar.kind === "io" ? "io" : "memory", bar.base);
  return at === undefined ? undefined : physical(at);
}

/** Where the CPU sees a register. */
export function registerAddress(machine: Hardware, named: NamedRegister): PhysicalAddress | undefined {
  const start = physicalOf(machine, named);
  return start === undefined ? undefined : offset(start, named.register.at);
}
