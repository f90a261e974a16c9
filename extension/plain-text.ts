/** How the extension prints numbers, sizes and errors: pure text, no VS Code. */
import type { Hex } from "../emulator/machine/views";

/** `0x1a` at 16 bits is `0x001a`. */
export function padded(value: Hex, bits: number): string {
  return `0x${value.slice(2).padStart(bits / 4, "0")}`;
}

export const radixes = [16, 10, 2] as const;
export type Radix = (typeof radixes)[number];

/** `0x1a` at 8 bits as `0x1a`, `26` or `0b0001_1010`. */
export function inRadix(value: Hex, bits: number, radix: Radix): string {
  if (radix === 16) return padded(value, bits);
  if (radix === 10) return BigInt(value).toString();
  return `0b${BigInt(value)
    .toString(2)
    .padStart(bits, "0")
    .replace(/(?<=\d)(?=(?:\d{4})+$)/g, "_")}`;
}

const units = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;

/** `4096` is `4 KiB`; what is no whole unit stays in the smaller one. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && size % 1024 === 0 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size} ${units[unit] ?? "bytes"}`;
}

/** Virtual nanoseconds as `12.345678 s`, the kernel log's resolution. */
export function timeText(nanoseconds: number): string {
  return `${(nanoseconds / 1e9).toFixed(6)} s`;
}

/** The one sentence an error says. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
