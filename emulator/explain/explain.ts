/** What becomes of an access, and why: the walk of translate, and where it dies the bit that decides and what mends it. */
import type { Hardware } from "../machine/hardware";
import { findConfigRegister, findRegister } from "../machine/register-names";
import type { LinuxState } from "../machine/views";
import type { Explanation, Hop } from "../machine/way-views";
import { Bridge } from "../pci/bridge";
import { type ParsedAddress, parseAddress } from "./address-text";
import type { Cause, Question } from "./cause";
import { causeOf } from "./causes";
import { dead, type Ending } from "./ending";
import { aerLines } from "./error-log";
import { explainInterrupt, interruptOf } from "./interrupt";
import { notesOf } from "./notes";
import { readConfig } from "./reads";
import { type Rehearsed, rehearse } from "./rehearsal";
import { seen } from "./seen";
import { walk } from "./walk";

export interface ExplainOptions {
  readonly write?: boolean;
  /** By default a register's own width, and 4 elsewhere. */
  readonly bytes?: number;
  /** Linux's own account: mappings, resources, buffers. */
  readonly linux?: LinuxState | undefined;
}

/** Throws `AddressError` for text that is no address, no register and no interrupt. */
export function explain(machine: Hardware, text: string, options: ExplainOptions = {}): Explanation {
  const input = text.trim();
  const interrupting = interruptOf(machine, input);
  if (interrupting) return explainInterrupt(machine, interrupting, { input, linux: options.linux });
  const parsed = parseAddress(machine, input);
  const { write = false, bytes = bytesOf(machine, parsed, input), linux } = options;
  const ended = walk(machine, parsed, { input, write });
  const question = { write, bytes, linux };
  const cause = causeOf(machine, ended, { ...question, cpu: initiatorOf(parsed, ended) === "cpu" });
  return explainEnding(machine, { parsed, ended, input, cause }, question);
}

/** The same where the cause is known already, and lies in no register. */
export function explainCause(
  machine: Hardware,
  input: string,
  { cause, ...question }: Question & { readonly cause: Cause },
): Explanation {
  const parsed = parseAddress(machine, input);
  const ended = walk(machine, parsed, { input, write: question.write });
  return explainEnding(machine, { parsed, ended, input, cause }, question);
}

/** `cpu`, or the function that sends. */
function initiatorOf(parsed: ParsedAddress, { hops }: Ending): string {
  return hops[0]?.kind === "function" && "of" in parsed && parsed.of ? parsed.of.name : "cpu";
}

interface Walked {
  readonly input: string;
  readonly parsed: ParsedAddress;
  readonly ended: Ending;
  readonly cause: Cause | undefined;
}

function explainEnding(
  machine: Hardware,
  { input, parsed, ended, cause }: Walked,
  question: Question,
): Explanation {
  const { write, bytes, linux } = question;
  const initiator = initiatorOf(parsed, ended);
  const answered = cause === undefined;
  const { bits, reported } = cause?.ended
    ? rehearse(cause.ended, write && ended.hops[0]?.kind !== "port")
    : NOTHING;
  const hops = cause ? withCulprit(machine, ended, cause) : ended.hops;
  const { sees, sets } = seen(machine, { ended, cause }, { ...question, initiator });
  const what = write ? "A write" : "A read";
  const name = initiator === "cpu" ? input : `DMA of ${initiator} (${input})`;
  return {
    input,
    access: write ? "write" : "read",
    bytes,
    initiator,
    answered,
    hops,
    ...(cause && { dies: hops.length - 1 }),
    sentence: cause
      ? `${what} of ${bytes} byte${bytes === 1 ? "" : "s"} at ${name} fails: ${cause.why}`
      : ended.sentence,
    ...(cause?.decides && { decides: cause.decides }),
    sees,
    status: [...bits, ...sets],
    log: [
      ...(cause?.log ?? []),
      ...(cause?.ended ? aerLines(machine, { ended: cause.ended, reported, linux }) : []),
    ],
    mends: cause?.mends ?? [],
    notes: [...(cause?.notes ?? []), ...notesOf(machine, { parsed, target: ended.target }, question)],
  };
}

const NOTHING: Rehearsed = { bits: [], reported: [] };

/** The hop of whoever lets the access down, where the walk did not get to it. */
function withCulprit(machine: Hardware, { hops }: Ending, { decides }: Cause): readonly Hop[] {
  const last = hops.at(-1);
  const end = last?.kind === "dead" ? last : dead("Refused");
  const way = last?.kind === "dead" ? hops.slice(0, -1) : hops;
  const shown = way.some(({ reads = [] }) => reads.some(({ what }) => what === decides?.register));
  const found = decides && !shown ? findConfigRegister(machine, decides.register) : undefined;
  const name = decides?.register.split(".").at(-1);
  if (!found || name === undefined) return [...way, end];
  const { function: fn } = found;
  const culprit: Hop = {
    kind: fn instanceof Bridge ? "bridge" : "function",
    title: `${fn.name} does not let it pass`,
    facts: [{ label: decides?.field ?? name, value: `${decides?.is}, would have to be ${decides?.wants}` }],
    reads: [readConfig(fn, name)],
  };
  return [...way, culprit, end];
}

/** A register's own width, as an accessor would take it. */
function bytesOf(machine: Hardware, parsed: ParsedAddress, input: string): 1 | 2 | 4 | 8 {
  if (parsed.kind === "configuration") return parsed.bytes;
  const register = parsed.kind === "register" ? findRegister(machine, input)?.register : undefined;
  const bytes = register ? register.width / 8 : 4;
  return bytes === 1 || bytes === 2 || bytes === 8 ? bytes : 4;
}
