/** A register's bits laid out in rows, cut where fields begin and end. */
import type { FieldRow } from "../protocol";

/** Neighbouring bits of one row that belong together. */
export interface BitRun {
  readonly msb: number;
  readonly lsb: number;
  /** Most significant first: `0101`. */
  readonly digits: string;
  /** Index in `fields`; -1 for bits that no field owns. */
  readonly field: number;
}

const owner = (fields: readonly FieldRow[], bit: number): number =>
  fields.findIndex(({ msb, lsb }) => bit <= msb && bit >= lsb);

function rowOf(
  from: number,
  { digits, fields, length }: { digits: string; fields: readonly FieldRow[]; length: number },
) {
  const runs: BitRun[] = [];
  for (let bit = from; bit > from - length; bit -= 1) {
    const field = owner(fields, bit);
    const digit = digits.at(digits.length - 1 - bit) ?? "0";
    const last = runs.at(-1);
    if (last?.field === field) runs[runs.length - 1] = { ...last, lsb: bit, digits: last.digits + digit };
    else runs.push({ msb: bit, lsb: bit, digits: digit, field });
  }
  return runs;
}

/** Rows of at most 16 bits, the most significant first. `value` is hexadecimal text, `0x…`. */
export function bitRows(
  value: string,
  width: number,
  fields: readonly FieldRow[],
): readonly (readonly BitRun[])[] {
  const digits = BigInt(value).toString(2).padStart(width, "0");
  const length = Math.min(16, width);
  return Array.from({ length: width / length }, (_, row) =>
    rowOf(width - 1 - row * length, { digits, fields, length }),
  );
}
