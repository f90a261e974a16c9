/** The small words of lspci: flags with + and -, numbers, sizes. */

/** Lower case, padded with zeros. */
export function hex(value: number | bigint, digits = 1): string {
  return value.toString(16).padStart(digits, "0");
}

/** `bits(0x5, 2, 1)`: from the highest to the lowest, as datasheets name a field. */
export function bits(value: number, high: number, low: number): number {
  return (value >>> low) & (2 ** (high - low + 1) - 1);
}

export function sign(value: number, bit: number): "+" | "-" {
  return (value >>> bit) & 1 ? "+" : "-";
}

/** `signs(6, "I/O:0 Mem:1")` is `I/O- Mem+`: each name with the bit that it stands for. */
export function signs(value: number, names: string): string {
  return names
    .split(" ")
    .map((text) => {
      const colon = text.lastIndexOf(":");
      return `${text.slice(0, colon)}${sign(value, Number(text.slice(colon + 1)))}`;
    })
    .join(" ");
}

/** ` [size=4K]`: in the largest unit that divides it, and of what is left 32 bits. Nothing for nothing. */
export function sizeText(size: bigint): string {
  if (size === 0n) return "";
  let [left, unit] = [size, 0];
  while (unit < UNITS.length - 1 && left % 1024n === 0n) [left, unit] = [left / 1024n, unit + 1];
  return ` [size=${BigInt.asUintN(32, left)}${UNITS[unit]}]`;
}

const UNITS = ["", "K", "M", "G", "T"] as const;
