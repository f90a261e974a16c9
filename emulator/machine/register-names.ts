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
