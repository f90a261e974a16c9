/**
 * `lspci -v…` as text, read back: what its lines say of a function goes into a configuration space, and the sizes, which
 * no configuration space holds, into lines as sysfs `resource` has them. Quoted, indented and cut texts are read as far
 * as they go.
 * Not read: registers of capabilities that do not decide about addresses or links.
 */
import { formatBdf, parseBdf } from "../../pci/bdf";
import type { DumpedFunction } from "../dump";
import type { PciNames } from "../pci-names";
import { writeCapabilities } from "./read-capabilities";
import { readIdentity } from "./read-identity";
import { readRegions } from "./read-regions";

export interface VerboseText {
  readonly functions: readonly DumpedFunction[];
  /** `start end flags` by function; only where all sizes are said. */
  readonly resources: ReadonlyMap<string, readonly string[]>;
}

/** One function: its first line, and those below it without their indentation. */
interface Block {
  readonly bdf: string;
  readonly title: string;
  readonly lines: readonly string[];
}

const HEADER = /^((?:[0-9a-f]{4,}:)?[0-9a-f]{2}:[01][0-9a-f]\.[0-7]) (.*)$/i;
/** Of `-x`: they count by themselves. */
const BYTES = /^\s*[0-9a-f]{2,3}:(?: [0-9a-f]{2})+\s*$/i;
/** What only `lspci -v` and more say. */
const DETAIL =
  /^\s+(Flags: |Control: I\/O|Region \d: |Capabilities: \[|Memory at |I\/O ports at |Bus: primary=)/m;
const MULTIFUNCTION = 0x80;
const SPACE_BYTES = { conventional: 256, express: 4096 } as const;

/** Whether a text says more of its functions than their names. */
export function isVerbose(text: string): boolean {
  return DETAIL.test(unquoted(text));
}

/** Whether identifiers must be looked up by name: it was printed without `-n` and `-nn`. */
export function hasOnlyNames(text: string): boolean {
  const titles = blocksOf(unquoted(text)).map(({ title }) => title);
  return isVerbose(text) && titles.some((title) => !/[0-9a-f]{4}:[0-9a-f]{4}/i.test(title));
}

/** `names`: to find identifiers where the text has only names. */
export function readVerbose(text: string, names: PciNames): VerboseText {
  const blocks = blocksOf(unquoted(text)).filter(({ lines }) => lines.length > 0);
  const read = blocks.map((block) => readBlock(block, names));
  const resources = read.flatMap(({ name, lines }) => (lines ? [[name, lines] as const] : []));
  return {
    functions: withMultifunction(read.map(({ dumped }) => dumped)),
    resources: new Map(resources),
  };
}

/** Mail and issue trackers put marks before lines. */
function unquoted(text: string): string {
  return text.replaceAll("\r", "").replaceAll(/^(?:> ?)+/gm, "");
}

function blocksOf(text: string): readonly Block[] {
  const blocks: { bdf: string; title: string; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const [, bdf, title] = HEADER.exec(line.trimStart()) ?? [];
    if (bdf !== undefined && parseBdf(bdf)) blocks.push({ bdf, title: title ?? "", lines: [] });
    else if (line.trim() && !BYTES.test(line)) blocks.at(-1)?.lines.push(line.trim());
  }
  return blocks;
}

interface Read {
  readonly name: string;
  readonly dumped: DumpedFunction;
  readonly lines: readonly string[] | undefined;
}

function readBlock({ bdf: text, title, lines }: Block, names: PciNames): Read {
  const bdf = parseBdf(text) ?? { segment: 0, bus: 0, device: 0, function: 0 };
  const bytes = new Uint8Array(SPACE_BYTES.express);
  const space = new DataView(bytes.buffer);
  readIdentity(space, { title, lines, names });
  const resources = readRegions(space, lines);
  const express = writeCapabilities(space, lines);
  return {
    name: formatBdf(bdf),
    dumped: { bdf, bytes: bytes.subarray(0, express ? SPACE_BYTES.express : SPACE_BYTES.conventional) },
    lines: resources,
  };
}

/** Function 0 says that there are others. */
function withMultifunction(functions: readonly DumpedFunction[]): readonly DumpedFunction[] {
  for (const { bdf, bytes } of functions) {
    const others = functions.filter(
      (it) => it.bdf.segment === bdf.segment && it.bdf.bus === bdf.bus && it.bdf.device === bdf.device,
    );
    if (others.length > 1) bytes[0x0e] = (bytes[0x0e] ?? 0) | MULTIFUNCTION;
  }
  return functions;
}
