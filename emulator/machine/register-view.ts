/** A register and its fields as views show them. */
import { offset, type PhysicalAddress } from "../core/address";
import { hex } from "../core/hex";
import type { RegisterFile } from "../core/register-file";
import { type Access, bitRange, extract, type Field, type Register } from "../core/register-map";
import type { FieldView, RegisterView } from "./views";

interface Named {
  readonly device: string;
  readonly name: string;
  readonly register: Register;
  /** Where the CPU sees the first byte of the bank. */
  readonly start: PhysicalAddress | undefined;
}

export function registerView(file: RegisterFile, { device, name, register, start }: Named): RegisterView {
  const value = file.get(name);
  const fields = Object.entries(register.fields ?? {});
  return {
    id: `${device}.${name}`,
    name,
    offset: register.at,
    width: register.width,
    access: mostPermissive(register),
    value: hex(value),
    reset: hex(register.reset ?? 0),
    doc: register.doc,
    ...(register.spec && { spec: register.spec }),
    readSideEffect: register.access === "rc" || fields.some(([, { access }]) => access === "rc"),
    fields: fields.map(([field, declared]) => fieldView(field, { declared, register, value })),
    ...(start !== undefined && { physical: hex(offset(start, register.at)) }),
  };
}

/** What software may do with any part of it: the tree marks registers that cannot be written at all. */
/** The most that any of its fields allows. */
export function mostPermissive({ access, fields = {} }: Register): Access {
  const all = Object.values(fields).map((field) => field.access ?? access);
  return all.find((it) => it !== "ro") ?? (all.length ? "ro" : access);
}

function fieldView(
  name: string,
  { declared, register, value }: { declared: Field; register: Register; value: bigint },
): FieldView {
  const bits = extract(value, declared);
  const meanings = Object.entries(declared.values ?? {}).map(([name, number]) => ({
    value: hex(number),
    name,
  }));
  const meaning = meanings.find((it) => it.value === hex(bits))?.name;
  return {
    name,
    bits: bitRange(declared),
    access: declared.access ?? register.access,
    value: hex(bits),
    ...(meaning && { meaning }),
    ...(meanings.length && { meanings }),
    doc: declared.doc,
  };
}
