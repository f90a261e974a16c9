/** Walks the two lists of capabilities and prints each. */
import type { SysfsDevice } from "../../linux/sysfs";
import type { Capability, Decoder } from "./capability";
import { EXTENDED, STANDARD } from "./capability-table";
import type { ConfigBytes } from "./config-bytes";
import type { Naming } from "./naming";
import { bits, hex } from "./text";

const STATUS = 6;
const HAS_LIST = 0x10;
const PCI_X = 0x07;
const EXPRESS = 0x10;
const FIRST_EXTENDED = 0x100;
const HEADER_BYTES = 64;

interface Listed {
  readonly config: ConfigBytes;
  readonly device: SysfsDevice;
  readonly naming: Naming;
  readonly verbosity: number;
}

/** All capabilities; `pointer` is where the header says the first one is. */
export function capabilities(listed: Listed, pointer: number): readonly string[] {
  const { config } = listed;
  if (!(config.word(STATUS) & HAS_LIST)) return [];
  if (config.length <= HEADER_BYTES) return ["\tCapabilities: <access denied>"];
  const found = standard(listed, config.byte(pointer) & ~3);
  const portType = found.portType;
  return [...found.lines, ...(found.extended ? extended(listed, portType) : [])];
}

interface Standard {
  readonly lines: readonly string[];
  /** A list of extended capabilities can follow. */
  readonly extended: boolean;
  readonly portType: number | undefined;
}

function standard(listed: Listed, first: number): Standard {
  const lines: string[] = [];
  const seen = new Set<number>();
  let extended = false;
  let portType: number | undefined;
  for (let at = first; at !== 0; ) {
    const [id, next, flags] = header(listed.config, at);
    const start = `\tCapabilities: [${hex(at, 2)}] `;
    if (id === 0xff || seen.has(at)) {
      lines.push(`${start}<chain ${id === 0xff ? "broken" : "looped"}>`);
      break;
    }
    seen.add(at);
    lines.push(
      ...print(start, STANDARD[id] ?? unknown(id, flags), { ...listed, at, flags, portType: undefined }),
    );
    if (id === EXPRESS || id === PCI_X) extended = true;
    if (id === EXPRESS) portType = bits(flags, 7, 4);
    at = next;
  }
  return { lines, extended, portType };
}

function header(config: ConfigBytes, at: number): readonly [id: number, next: number, flags: number] {
  return [config.byte(at), config.byte(at + 1) & ~3, config.word(at + 2)];
}

function unknown(id: number, flags: number): Decoder {
  return () => [`Capability ID 0x${hex(id, 2)} [${hex(flags, 4)}]`];
}

function extended(listed: Listed, portType: number | undefined): readonly string[] {
  const lines: string[] = [];
  const seen = new Set<number>();
  for (let at = FIRST_EXTENDED; at !== 0; ) {
    const word = listed.config.long(at);
    if (!word || word === 0xffffffff || !listed.config.has(at, 4)) break;
    const [id, version] = [word & 0xffff, bits(word, 19, 16)];
    const start = `\tCapabilities: [${hex(at, 3)}${listed.verbosity > 1 ? ` v${version}` : ""}] `;
    if (seen.has(at)) {
      lines.push(`${start}<chain looped>`);
      break;
    }
    seen.add(at);
    const decoder = EXTENDED[id] ?? (() => [`Extended Capability ID 0x${hex(id)}`]);
    lines.push(...print(start, decoder, { ...listed, at, flags: 0, portType }));
    at = (word >>> 20) & ~3;
  }
  return lines;
}

/** With -v its name alone. */
function print(start: string, decode: Decoder, capability: Capability): readonly string[] {
  const [name = "", ...lines] = decode(capability);
  return capability.verbosity > 1 ? [`${start}${name}`, ...lines] : [`${start}${name}`];
}
