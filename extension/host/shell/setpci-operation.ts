/** `BASE[+OFFSET][.WIDTH][@N][=VALUE[:MASK],…]`: one operation of setpci, all numbers hexadecimal (setpci.c, parse_op). */
import {
  capabilities,
  extendedCapabilities,
  type HeaderRegister,
  headerRegisters,
  type Width,
  widthOf,
} from "./setpci-registers";

/** Bits outside of `mask` stay. */
export interface Value {
  readonly value: number;
  readonly mask?: number;
}

export interface CapabilityWanted {
  readonly extended: boolean;
  readonly id: number;
  /** Which of several, from 0. */
  readonly instance: number;
}

export interface Operation {
  /** From the start of configuration space, or of the capability. */
  readonly at: number;
  readonly width: Width;
  readonly capability?: CapabilityWanted;
  /** Empty: a read. */
  readonly values: readonly Value[];
}

const SPACE = 0x1000;
const FORM = /^([^+.@=]+)(?:\+([0-9a-f]+))?(?:\.([^@=]*))?(?:@([0-9a-f]+))?(?:=(.*))?$/i;

interface Base extends Partial<HeaderRegister> {
  readonly at: number;
  readonly capability?: { readonly extended: boolean; readonly id: number };
}

function baseOf(text: string): Base {
  const register = headerRegisters.get(text.toUpperCase());
  if (register) return register;
  const [, e = "", name = ""] = /^(E?)CAP(.+)$/i.exec(text) ?? [];
  const extended = e !== "";
  const known = extended ? extendedCapabilities : capabilities;
  const id = name.startsWith("_") ? known.get(name.slice(1).toUpperCase()) : numberIn(name);
  if (id !== undefined) return { at: 0, capability: { extended, id } };
  const at = numberIn(text);
  if (at === undefined) throw new Error(`Unknown register "${text}": setpci --dumpregs lists them.`);
  return { at };
}

const numberIn = (text: string): number | undefined =>
  /^[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text, 16) : undefined;

function operandOf(text: string, width: Width): Value {
  const [value, mask, more] = text.split(":").map(numberIn);
  const most = 2 ** (8 * width);
  const fits = (number: number | undefined) => number === undefined || number < most;
  if (
    value === undefined ||
    more !== undefined ||
    !fits(value) ||
    !fits(mask) ||
    (text.includes(":") && mask === undefined)
  )
    throw new Error(`Invalid value "${text}": hexadecimal VALUE or VALUE:MASK of ${width * 8} bits.`);
  return mask === undefined || mask === most - 1 ? { value } : { value: (value & mask) >>> 0, mask };
}

/** Throws a sentence. */
export function operationOf(text: string): Operation {
  const [, base = "", offset = "0", letter, instance = "0", values] = FORM.exec(text) ?? [];
  if (base === "") throw new Error(`"${text}" is no register: setpci --dumpregs lists them.`);
  const { at: start, capability, width: usual } = baseOf(base);
  const width = letter === undefined ? usual : widthOf(letter);
  if (!width)
    throw new Error(
      letter === undefined
        ? `Missing width: write ${text}.b, .w or .l.`
        : `Invalid width "${letter}": b, w or l.`,
    );
  const at = start + Number.parseInt(offset, 16);
  if (at + width > SPACE) throw new Error(`Register number ${at.toString(16)} out of range.`);
  if (!capability && at % width)
    throw new Error(`Unaligned register address ${at.toString(16).padStart(2, "0")}.`);
  return {
    at,
    width,
    ...(capability && { capability: { ...capability, instance: Number.parseInt(instance, 16) } }),
    values: values === undefined ? [] : values.split(",").map((each) => operandOf(each, width)),
  };
}
