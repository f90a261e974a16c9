/**
 * `lspci -x…` as text, read by pciutils' own rules (lib/dump.c): a header line `[domain:]bus:device.function ` begins
 * a device, lines `offset: bytes` hold its configuration space, all else is left aside.
 */
import { type Bdf, parseBdf } from "../pci/bdf";

export interface DumpedFunction {
  readonly bdf: Bdf;
  /** As many bytes as the dump holds, from 0. */
  readonly bytes: Uint8Array;
}

/** Text that is no dump, with the line that says so. */
export class DumpError extends Error {
  readonly line: number;

  constructor(line: number, sentence: string) {
    super(sentence);
    this.line = line;
  }
}

const HEADER = /^((?:[0-9a-f]{4,}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f])(?: |$)/i;
const DATA = /^([0-9a-f]{2,3}): (.*)$/i;
const SPACE_BYTES = 4096;
/** Where lspci without root stops. */
const HEADER_BYTES = 64;

interface Growing {
  readonly bdf: Bdf;
  readonly bytes: Uint8Array;
  length: number;
}

/** Whether a text holds bytes of configuration spaces. */
export function hasBytes(text: string): boolean {
  return /^[0-9a-f]{2,3}:(?: [0-9a-f]{2}){4,}/im.test(text);
}

/** All functions of a dump, by address. Throws `DumpError`. */
export function parseDump(text: string): readonly DumpedFunction[] {
  const found: Growing[] = [];
  let current: Growing | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.replace(/\r$/, "");
    const [, header] = HEADER.exec(line) ?? [];
    const [, offset, bytes] = DATA.exec(line) ?? [];
    if (header !== undefined) {
      current = begin(header, index + 1);
      found.push(current);
    } else if (offset !== undefined && current)
      fill(current, { at: Number.parseInt(offset, 16), bytes: bytes ?? "", line: index + 1 });
    else if (line.trim() === "") current = undefined;
  }
  const dumped = found.filter(({ length }) => length > 0);
  if (!dumped.length)
    throw new DumpError(
      1,
      "There is no configuration space in it: make it with lspci -xxxx as root, or with lspci -vvv",
    );
  return dumped.map(finish);
}

function begin(header: string, line: number): Growing {
  const bdf = parseBdf(header);
  if (!bdf) throw new DumpError(line, `"${header}" is no address of a PCI function`);
  return { bdf, bytes: new Uint8Array(SPACE_BYTES), length: 0 };
}

function fill(current: Growing, { at, bytes, line }: { at: number; bytes: string; line: number }): void {
  const pairs = bytes.split(" ");
  if (pairs.some((pair) => !/^[0-9a-f]{2}$/i.test(pair))) {
    throw new DumpError(
      line,
      "A line of configuration space holds bytes of two hexadecimal digits, one blank before each",
    );
  }
  if (at + pairs.length > SPACE_BYTES)
    throw new DumpError(line, "Configuration space has at most 4096 bytes");
  current.bytes.set(
    pairs.map((pair) => Number.parseInt(pair, 16)),
    at,
  );
  current.length = Math.max(current.length, at + pairs.length);
}

function finish({ bdf, bytes, length }: Growing): DumpedFunction {
  if (length < HEADER_BYTES)
    throw new DumpError(
      1,
      `The dump of ${bdf.bus}:${bdf.device}.${bdf.function} is cut off: it holds ${length} of at least 64 bytes`,
    );
  return { bdf, bytes: bytes.subarray(0, length > 256 ? SPACE_BYTES : 256) };
}
