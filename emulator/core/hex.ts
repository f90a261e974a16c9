/** Numbers as text: the one place that converts between them. */
import { type VirtualAddress, virtual } from "./address";

export type HexText = `0x${string}`;

export function hex(value: number | bigint): HexText {
  const number = typeof value === "bigint" ? value : BigInt(value);
  return `0x${BigInt.asUintN(64, number).toString(16)}`;
}

/** Hexadecimal without `0x`, padded with zeros to `width` digits. */
export function digits(value: number | bigint, width = 1): string {
  return value.toString(16).padStart(width, "0");
}

/** Reads `0x1f`, `31` or `0b11` of at most 64 bits; undefined for anything else. */
export function parseNumber(text: string): bigint | undefined {
  if (!/^(0x[0-9a-f_]+|0b[01_]+|[0-9]+)$/i.test(text)) return undefined;
  const value = BigInt(text.replaceAll("_", ""));
  return value === BigInt.asUintN(64, value) ? value : undefined;
}

/** A 64-bit number as the canonical virtual address it spells, or undefined where it is not canonical. */
export function canonical(value: bigint): VirtualAddress | undefined {
  const signed = BigInt.asIntN(64, value);
  if (signed !== BigInt.asIntN(48, value)) return undefined;
  return virtual(Number(signed));
}
