/** From what a driver writes to the register it means: by address, by name, or by a constant that says so. */
import type { FieldView, FunctionView, RegisterView } from "../emulator/machine/views";
import { accessorCalls, constantsIn } from "./accessor-calls";
import type { MachineState } from "./host/protocol";
import { t } from "./l10n";

type Machine = Pick<MachineState, "functions" | "linux">;

const PIO_OFFSET = 0x10000n;
const PIO_RESERVED = 0x40000n;

export const allRegisters = (functions: readonly FunctionView[]): readonly RegisterView[] =>
  functions.flatMap(({ bars, config }) => [...bars.flatMap(({ registers }) => registers), ...config]);

/** The register that holds the byte at a physical address. */
function atPhysical({ functions }: Machine, address: bigint): RegisterView | undefined {
  return functions
    .flatMap(({ bars }) => bars.flatMap(({ registers }) => registers))
    .find(({ physical, width }) => physical !== undefined && inside(address, physical, width / 8));
}

const inside = (address: bigint, start: string, bytes: number): boolean =>
  address >= BigInt(start) && address < BigInt(start) + BigInt(bytes);

function atPort({ functions }: Machine, port: bigint): RegisterView | undefined {
  for (const bar of functions.flatMap(({ bars }) => bars)) {
    if (bar.kind !== "io" || bar.bus === undefined || !inside(port, bar.bus, bar.size)) continue;
    const offset = Number(port - BigInt(bar.bus));
    return bar.registers.find((each) => offset >= each.offset && offset < each.offset + each.width / 8);
  }
  return undefined;
}

/** The register at what an accessor was given: a mapped address, or a cookie for a port (lib/iomap.c). */
export function registerAtPointer(machine: Machine, pointer: bigint): RegisterView | undefined {
  if (pointer >= PIO_OFFSET && pointer < PIO_RESERVED) return atPort(machine, pointer - PIO_OFFSET);
  const mapping = machine.linux.mappings.find(({ virtual, bytes }) => inside(pointer, virtual, bytes));
  return mapping && atPhysical(machine, BigInt(mapping.physical) + pointer - BigInt(mapping.virtual));
}

/** Whether somebody would want to know where it leads: it lies in a BAR or in a mapping. */
export function isAddress({ functions, linux }: Machine, address: bigint): boolean {
  const bars = functions.flatMap(({ bars }) => bars);
  return (
    linux.mappings.some(({ virtual, bytes }) => inside(address, virtual, bytes)) ||
    bars.some(({ physical, size }) => physical !== undefined && inside(address, physical, size))
  );
}

const PCI_DEVICE = /\bPCI_DEVICE\(\s*(\w+)\s*,\s*(\w+)\s*\)/g;

/** The functions that a driver names in its table of ids; without one, all of them. */
export function functionsOf(text: string, functions: readonly FunctionView[]): readonly FunctionView[] {
  const constants = constantsIn(text);
  const number = (word: string): bigint =>
    constants.get(word) ?? (/^(0x[0-9a-f]+|\d+)$/i.test(word) ? BigInt(word) : -1n);
  const ids = [...text.matchAll(PCI_DEVICE)].map(([, vendor = "", device = ""]) => [
    number(vendor),
    number(device),
  ]);
  const named = functions.filter((view) =>
    ids.some(
      ([vendor, device]) => BigInt(`0x${view.vendor}`) === vendor && BigInt(`0x${view.device}`) === device,
    ),
  );
  return named.length > 0 ? named : functions;
}

export interface Meant {
  readonly register: RegisterView;
  readonly field?: FieldView;
}

const plain = (name: string): string => name.replace(/[^a-z0-9]/gi, "").toUpperCase();
const endsWith = (name: string, end: string): boolean => plain(name).endsWith(plain(end));

const maskOf = ({ bits: [msb, lsb] }: FieldView): bigint =>
  ((1n << BigInt(msb - lsb + 1)) - 1n) << BigInt(lsb);

/** What a word of a driver means: `edu.STATUS`, a constant with a register's offset, a field's mask, `PCI_COMMAND`. */
export function meaningOf(word: string, text: string, functions: readonly FunctionView[]): Meant | undefined {
  const exact = allRegisters(functions).find(({ id }) => id === word);
  if (exact) return { register: exact };
  const mine = functionsOf(text, functions);
  const [, config] = /^PCI_(\w+)$/.exec(word) ?? [];
  const header = mine.flatMap((view) => view.config).find(({ name }) => name === config);
  if (header) return { register: header };
  const value = constantsIn(text).get(word);
  return value === undefined ? undefined : byConstant({ word, value, text }, mine);
}

interface Constant {
  readonly word: string;
  readonly value: bigint;
  readonly text: string;
}

function byConstant({ word, value, text }: Constant, functions: readonly FunctionView[]): Meant | undefined {
  const registers = functions.flatMap(({ bars }) => bars.flatMap(({ registers }) => registers));
  const at = registers.filter(({ offset }) => BigInt(offset) === value);
  const named = at.find(({ name }) => endsWith(word, name));
  if (named) return { register: named };
  for (const register of registers) {
    const field = register.fields.find(
      (each) => maskOf(each) === value && endsWith(word, `${register.name}${each.name}`),
    );
    if (field) return { register, field };
  }
  const [first] = at;
  return first && accessorCalls(text).some(({ offset }) => offset === word) ? { register: first } : undefined;
}

/** `COMPUTING|IRQFACT`: the bits that are set, and what the wider fields hold. */
export function fieldWords({ fields }: RegisterView): string {
  return fields
    .flatMap(({ name, bits: [msb, lsb], value, meaning }) => {
      if (msb === lsb) return value === "0x0" ? [] : [name];
      return meaning !== undefined ? [`${name}=${meaning}`] : value === "0x0" ? [] : [`${name}=${value}`];
    })
    .join("|");
}

/** `0x81 COMPUTING|IRQFACT` */
export function valueWords(register: RegisterView): string {
  if (register.access === "wo") return t("write-only");
  const words = fieldWords(register);
  return words === "" ? register.value : `${register.value} ${words}`;
}
