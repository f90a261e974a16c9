/** The text of a watchpoint: `TARGET [r][w]`, e.g. `edu.FACTORIAL w`, `edu.STATUS.COMPUTING`, `0x40000008+4 rw`. */
import { parseNumber } from "../core/hex";

export interface WatchSpec {
  readonly target:
    | { readonly kind: "register"; readonly name: string }
    | { readonly kind: "address"; readonly address: bigint; readonly bytes: number };
  readonly read: boolean;
  readonly write: boolean;
}

const GRAMMAR = 'a watchpoint reads "edu.FACTORIAL w" or "0x40000008+4 rw"';
const SIZE_LIMIT = 2 ** 31;

/** The spec, or a sentence that says what is wrong. Without an access, both reads and writes are watched. */
export function parseWatch(text: string): WatchSpec | string {
  const [target = "", access = "rw", ...rest] = text.trim().split(/\s+/);
  if (rest.length) return `Cannot read "${rest.join(" ")}" after the access: ${GRAMMAR}`;
  if (!/^(r|w|rw|wr)$/.test(access)) return `Cannot read "${access}" as an access: it is r, w or rw`;
  const parsed = parseTarget(target);
  if (typeof parsed === "string") return parsed;
  return { target: parsed, read: access.includes("r"), write: access.includes("w") };
}

function parseTarget(text: string): WatchSpec["target"] | string {
  const [start = "", size] = text.split("+");
  const address = parseNumber(start);
  if (address !== undefined) return sized(address, size);
  if (/^[\w-]+\.\w+(\.\w+)?$/.test(text)) return { kind: "register", name: text };
  return `Cannot read "${text}" as a register or an address: ${GRAMMAR}`;
}

function sized(address: bigint, size: string | undefined): WatchSpec["target"] | string {
  const bytes = size === undefined ? 4n : parseNumber(size);
  if (bytes === undefined || bytes < 1n || bytes > SIZE_LIMIT)
    return `Cannot watch "${size}" bytes: ${GRAMMAR}`;
  return { kind: "address", address, bytes: Number(bytes) };
}
