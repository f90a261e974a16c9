/** What can be written into a register or a field, and what is wrong with a number that a person types. */
import type { FunctionView, Hex } from "../emulator/machine/views";
import { t } from "./l10n";
import { allRegisters } from "./register-lookup";

export interface Writable {
  /** `edu.STATUS`, `edu.STATUS.IRQFACT` */
  readonly target: string;
  /** As it is to be edited; empty where nothing can be read. */
  readonly value: string;
  readonly bits: number;
  readonly meanings: readonly { readonly value: Hex; readonly name: string }[];
}

/** Undefined for what the machine has not. */
export function writableOf(functions: readonly FunctionView[], target: string): Writable | undefined {
  for (const register of allRegisters(functions)) {
    if (register.id === target) return { target, value: shown(register), bits: register.width, meanings: [] };
    if (!target.startsWith(`${register.id}.`)) continue;
    const field = register.fields.find(({ name }) => `${register.id}.${name}` === target);
    if (!field) continue;
    const {
      bits: [msb, lsb],
      meanings = [],
    } = field;
    return { target, value: shown(field), bits: msb - lsb + 1, meanings };
  }
  return undefined;
}

const shown = ({ access, value }: { readonly access: string; readonly value: Hex }): string =>
  access === "wo" ? "" : value;

const NUMBER = /^(0x[0-9a-f_]+|0b[01_]+|\d+)$/i;

/** In a sentence; undefined for a number that fits. */
export function numberProblem(text: string, bits: number): string | undefined {
  const typed = text.trim();
  if (!NUMBER.test(typed)) return t('"{0}" is no number: write 0x1f, 31 or 0b11111.', typed);
  const value = BigInt(typed.replaceAll("_", ""));
  if (value >> BigInt(bits) === 0n) return undefined;
  const most = `0x${((1n << BigInt(bits)) - 1n).toString(16)}`;
  return bits === 1
    ? t("{0} does not fit 1 bit: 0 or 1.", typed)
    : t("{0} does not fit {1} bits: at most {2}.", typed, bits, most);
}
