/** Why an access died, as data: the bit that decides, and what would mend it. */
import { hex } from "../core/hex";
import { bitRange, extract } from "../core/register-map";
import type { CompletionStatus } from "../core/transaction";
import type { LinuxState } from "../machine/views";
import { bdfOf } from "../machine/watch-target";
import type { Decider, DriverEdit, Hop, Mend } from "../machine/way-views";
import type { Bridge } from "../pci/bridge";
import type { PciFunction } from "../pci/function";
import { readConfig } from "./reads";

export interface Cause {
  /** What is wrong, and where: goes on after the name of what was asked for. */
  readonly why: string;
  readonly decides?: Decider;
  readonly mends?: readonly Mend[];
  readonly notes?: readonly string[];
  /** Hops that show more than the walk did. */
  readonly hops?: readonly Hop[];
  /** Who ends the request on the bus, and as what: its status bits follow. */
  readonly ended?: Ended;
  /** Lines that Linux prints for this alone. */
  readonly log?: readonly string[];
}

export interface Ended {
  readonly status: CompletionStatus;
  readonly completer: PciFunction | undefined;
  /** The root port on the way. */
  readonly port: Bridge | undefined;
  /** The bridge of a conventional bus where nobody took the request: Master Abort Mode decides whether anybody hears. */
  readonly silent?: Bridge | undefined;
}

/** What is asked, and what is known of Linux's half. */
export interface Question {
  readonly write: boolean;
  readonly bytes: number;
  readonly linux: LinuxState | undefined;
}

/** A field of a configuration register, and what it would have to be. Throws RangeError for a name that is not there. */
export function decider(
  fn: PciFunction,
  register: string,
  { field, wants }: { readonly field: string; readonly wants: string },
): Decider {
  const declared = fn.config.map[register]?.fields?.[field];
  if (!declared) throw new RangeError(`${fn.name}.config.${register} has no field ${field}`);
  const { what, at, value } = readConfig(fn, register);
  const is = hex(extract(BigInt(value), declared));
  return { register: what, at, value, field, bits: bitRange(declared), is: plain(is), wants };
}

/** A single digit says more without its prefix. */
function plain(value: string): string {
  return value.length === 3 ? value.slice(2) : value;
}

/** `Memory Space Enable (bit 1 of edu.config.COMMAND, at 0000:01:00.0+0x4) is 0` */
export function decides(name: string, { register, at, bits: [msb, lsb], is }: Decider): string {
  const where = msb === lsb ? `bit ${lsb}` : `bits ${msb}:${lsb}`;
  return `${name} (${where} of ${register}, at ${at}) is ${is}`;
}

/** Sets a field: in the console, and with setpci on a real machine. */
export function setField(
  fn: PciFunction,
  register: string,
  {
    field,
    value,
    sentence,
    edit,
  }: {
    readonly field: string;
    readonly value: number;
    readonly sentence: string;
    readonly edit?: DriverEdit;
  },
): Mend {
  const declared = fn.config.map[register]?.fields?.[field];
  const [msb, lsb] = declared ? bitRange(declared) : [0, 0];
  const ones = 2 ** (msb - lsb + 1) - 1;
  const digits = (bits: number) => (bits * 2 ** lsb).toString(16);
  return {
    sentence,
    command: `wr ${fn.name}.config.${register}.${field} ${hex(value)}`,
    shell: `setpci -s ${bdfOf(fn)} ${setpciName(fn, register)}=${digits(value)}:${digits(ones)}`,
    ...(edit && { edit }),
  };
}

const HEADER_END = 0x40;
const SUFFIX: Readonly<Record<number, string>> = { 8: "b", 16: "w", 32: "l" };

/** setpci knows the header's registers by these names; others by their offset. */
function setpciName(fn: PciFunction, register: string): string {
  const { at = 0, width = 32 } = fn.config.map[register] ?? {};
  return at < HEADER_END ? register : `${at.toString(16)}.${SUFFIX[width] ?? "l"}`;
}

/** Writes a whole register. */
export function setRegister(
  fn: PciFunction,
  register: string,
  {
    value,
    sentence,
    edit,
  }: { readonly value: bigint; readonly sentence: string; readonly edit?: DriverEdit },
): Mend {
  return {
    sentence,
    command: `wr ${fn.name}.config.${register} ${hex(value)}`,
    shell: `setpci -s ${bdfOf(fn)} ${setpciName(fn, register)}=${value.toString(16)}`,
    ...(edit && { edit }),
  };
}
