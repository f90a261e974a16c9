/** A value on its way into a register: what it would change, and what its bits' rules make of it. */
import type { FieldRow, RegisterRow } from "../protocol";

export interface Change {
  /** `IRQ_FACTORIAL [7]`; `[31:8]` for bits that no field owns. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

type Bits = Pick<FieldRow, "msb" | "lsb">;

const bitsText = ({ msb, lsb }: Bits): string => (msb === lsb ? `[${msb}]` : `[${msb}:${lsb}]`);
const lengthOf = ({ msb, lsb }: Bits): number => msb - lsb + 1;
const maskOf = (bits: Bits): bigint => ((1n << BigInt(lengthOf(bits))) - 1n) << BigInt(bits.lsb);

export const extract = (value: bigint, bits: Bits): bigint => (value & maskOf(bits)) >> BigInt(bits.lsb);

export const toggled = (value: bigint, bit: number): bigint => value ^ (1n << BigInt(bit));

export const withField = (value: bigint, field: Bits, part: bigint): bigint =>
  (value & ~maskOf(field)) | ((part << BigInt(field.lsb)) & maskOf(field));

/** `0x81` at 32 bits is `0x00000081`. */
export const paddedHex = (value: bigint, width: number): string =>
  `0x${value.toString(16).padStart(width / 4, "0")}`;

/** A number of at most `width` bits, or the sentence that says why the text is none. */
export function parseValue(text: string, width: number): bigint | string {
  const digits = text.trim().replaceAll("_", "");
  if (!/^(0x[0-9a-f]+|0b[01]+|[0-9]+)$/i.test(digits)) return "Write a number: 0x1f, 31 or 0b11111.";
  const value = BigInt(digits);
  return value >> BigInt(width) === 0n ? value : `${text.trim()} does not fit ${width} bits.`;
}

/** The bits that no field owns, as runs. */
function unowned({ width, fields }: RegisterRow): readonly Bits[] {
  const runs: Bits[] = [];
  for (let bit = width - 1; bit >= 0; bit -= 1) {
    if (fields.some(({ msb, lsb }) => bit <= msb && bit >= lsb)) continue;
    const last = runs.at(-1);
    if (last?.lsb === bit + 1) runs[runs.length - 1] = { msb: last.msb, lsb: bit };
    else runs.push({ msb: bit, lsb: bit });
  }
  return runs;
}

const small = (value: bigint): string => (value < 10n ? `${value}` : `0x${value.toString(16)}`);

function word(value: bigint, { meanings = [] }: Partial<FieldRow>): string {
  const name = meanings.find((one) => BigInt(one.value) === value)?.name;
  return name === undefined ? small(value) : `${small(value)} ${name}`;
}

/** Field by field what differs; a register without fields is one value. */
export function changes(register: RegisterRow, value: bigint): readonly Change[] {
  const now = BigInt(register.value);
  const parts = [...register.fields, ...(register.fields.length > 0 ? unowned(register) : [])];
  const change = (bits: Bits & Partial<FieldRow>): Change => ({
    name: [bits.name, bitsText(bits)].filter(Boolean).join(" "),
    from: word(extract(now, bits), bits),
    to: word(extract(value, bits), bits),
  });
  const whole = { msb: register.width - 1, lsb: 0 };
  const differing = (parts.length > 0 ? parts : [whole]).filter(
    (bits) => extract(now, bits) !== extract(value, bits),
  );
  return differing.map(change);
}

/** What a write over the bus stores under the rule of its bits. */
function stored(access: string, { now, value }: { now: bigint; value: bigint }): bigint {
  if (access === "ro" || access === "rc") return now;
  if (access === "w1c") return now & ~value;
  return access === "w1s" ? now | value : value;
}

/** What a write over the bus leaves behind by the rules of the bits alone; the device may do more. */
export function outcome(register: RegisterRow, value: bigint): bigint {
  const now = BigInt(register.value);
  const rest = stored(register.access, { now, value });
  return register.fields.reduce((after, field) => {
    const part = { now: extract(now, field), value: extract(value, field) };
    return withField(after, field, stored(field.access, part));
  }, rest);
}

const fieldCautions: Readonly<Record<string, (name: string, now: bigint, value: bigint) => string | false>> =
  {
    ro: (name, now, value) => now !== value && `${name} is read only: the bus ignores it. Poke changes it.`,
    rc: (name, now, value) => now !== value && `${name} is cleared by reading: the bus ignores a write.`,
    w1c: (name, now, value) => {
      if (value !== 0n) return (now & value) !== 0n && `A 1 is written to ${name}: that clears it.`;
      return now !== 0n && `A 0 is written to ${name}, which is cleared by writing 1: it stays.`;
    },
    w1s: (name, now, value) => (now & ~value) !== 0n && `${name} is set by writing 1: a 0 does not clear it.`,
  };

/** What somebody should know before he writes `value` over the bus. */
export function cautions(register: RegisterRow, value: bigint): readonly string[] {
  const now = BigInt(register.value);
  const whole = { name: register.name, access: register.access, msb: register.width - 1, lsb: 0 };
  const fields = register.fields.length > 0 ? register.fields : [whole];
  const ofFields = fields.flatMap(
    (field) => fieldCautions[field.access]?.(field.name, extract(now, field), extract(value, field)) || [],
  );
  const reserved = register.fields.length > 0 && unowned(register);
  const touched = (reserved || []).filter((bits) => extract(now, bits) !== extract(value, bits));
  const named = touched.map(bitsText).join(", ");
  return [
    ...ofFields,
    ...(touched.length > 0 ? [`Bits ${named} are reserved: write them as they are.`] : []),
  ];
}
