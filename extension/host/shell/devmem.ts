/**
 * `devmem ADDRESS [WIDTH [VALUE]]` (busybox, miscutils/devmem.c): one access of the CPU to a physical address, over the
 * bus and with every effect it has there.
 */
import type { Bytes } from "../../../emulator/machine/outside-access";
import type { Hex } from "../../../emulator/machine/views";

import type { Reachable } from "./reachable";
import type { Words } from "./words";

const WIDTHS: Readonly<Record<string, Bytes>> = {
  b: 1,
  h: 2,
  w: 4,
  l: 8,
  "8": 1,
  "16": 2,
  "32": 4,
  "64": 8,
};

const USAGE = "devmem ADDRESS [8|16|32|64 [VALUE]]";

/** A bare number is decimal, as in C; what is no number at all is left to the machine: `edu.STATUS`. */
function physicalOf(text: string): string {
  return /^(0x[0-9a-f]+|\d+)$/i.test(text) ? `phys:0x${BigInt(text).toString(16)}` : text;
}

export async function devmem(control: Reachable, words: Words): Promise<string> {
  const [address, width = "32", value, more] = words;
  const bytes = WIDTHS[width.toLowerCase()];
  if (address === undefined || more !== undefined) throw new Error(`Write ${USAGE}.`);
  if (!bytes) throw new Error(`"${width}" is no width: ${USAGE}.`);
  const at = physicalOf(address);
  const shown = (number: Hex) =>
    `0x${number
      .slice(2)
      .toUpperCase()
      .padStart(bytes * 2, "0")}`;
  if (value === undefined)
    return `${shown(await control.touch({ verb: "read", at, bytes }))}${dead(control, at)}\n`;
  const now = await control.touch({ verb: "write", at, bytes, value: value as Hex });
  return `${value} was written over the bus to ${address}, which now holds ${shown(now)}.${dead(control, at)}\n`;
}

/** All ones can be a value, and can be nobody's. */
function dead(control: Reachable, at: string): string {
  const { end, sentence } = control.translate(at);
  return end === "dead" ? `\n# ${sentence}` : "";
}
