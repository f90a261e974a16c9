/** What a device does not do with an access that reaches it: other widths, other places, writes that are lost. */
import { hex } from "../core/hex";
import type { Register } from "../core/register-map";
import type { Hardware } from "../machine/hardware";
import { bankBehind } from "../machine/register-names";
import type { Mend } from "../machine/way-views";
import type { PciFunction } from "../pci/function";
import type { Cause, Question } from "./cause";
import type { Target } from "./ending";
import { bridgesAbove } from "./suspect";

type InBar = Target & { readonly kind: "bar" };

/** Undefined where the device completes the access. */
export function refusalCause(
  machine: Hardware,
  target: InBar,
  { bytes, write }: Question,
): Cause | undefined {
  const { function: fn, bar, inside } = target;
  const bank = bankBehind(machine, bar);
  const [name, register] =
    Object.entries(bank?.registers.map ?? {}).find(
      ([, { at, width }]) => inside >= at && inside < at + width / 8,
    ) ?? [];
  if (!bank || name === undefined || !register) return undefined;
  const id = `${bank.name}.${name}`;
  if (!takes(register, { inside: inside - register.at, bytes }))
    return otherWidth(fn, id, { register, bytes, write });
  return write && isReadOnly(register) ? readOnly(id, register) : undefined;
}

/** As the register bank decides (core/register-bank.ts). */
function takes(
  register: Register,
  { inside, bytes }: { readonly inside: number; readonly bytes: number },
): boolean {
  const own = register.width / 8;
  const aligned = register.accepts || own !== 8 || bytes === 8 ? inside === 0 : inside % 4 === 0;
  return aligned && widthsOf(register).includes(bytes);
}

function widthsOf({ width, accepts }: Register): readonly number[] {
  const own = width / 8;
  return accepts ?? (own === 8 ? [4, 8] : [own]);
}

const ACCESSOR: Readonly<Record<number, string>> = { 1: "8", 2: "16", 4: "32", 8: "64" };

function otherWidth(
  fn: PciFunction,
  id: string,
  {
    register,
    bytes,
    write,
  }: { readonly register: Register; readonly bytes: number; readonly write: boolean },
): Cause {
  const widths = widthsOf(register);
  const bits = widths.map((it) => `${it * 8}`).join(" or ");
  const accessor = `${write ? "iowrite" : "ioread"}${ACCESSOR[widths.at(-1) ?? 4]}`;
  const mend: Mend = { sentence: `Use ${accessor}() at the start of the register` };
  return {
    why: `${id} (offset ${hex(register.at)}) takes accesses of ${bits} bits at its start, and this one has ${bytes * 8}: the device answers Completer Abort`,
    mends: [mend],
    ended: { status: "CA", completer: fn, port: bridgesAbove(fn)[0] },
  };
}

/** No part of it can be written. */
export function isReadOnly({ access, fields = {} }: Register): boolean {
  const all = Object.values(fields).map((field) => field.access ?? access);
  return all.length === 0 ? access === "ro" : all.every((it) => it === "ro");
}

function readOnly(id: string, { doc }: Register): Cause {
  return {
    why: `${id} is read-only (${doc.replace(/\.$/, "")}): the device takes the write and changes nothing`,
    mends: [{ sentence: `Do not write ${id}; where software asks for something, another register takes it` }],
  };
}
