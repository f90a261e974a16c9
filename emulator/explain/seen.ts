/** What the initiator of an access gets, and which bits of its own it sets. */
import { hex } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import { bankBehind } from "../machine/register-names";
import type { StatusBit } from "../machine/way-views";
import type { Cause } from "./cause";
import type { Ending } from "./ending";

interface Looked {
  readonly ended: Ending;
  readonly cause: Cause | undefined;
}

interface Access {
  readonly write: boolean;
  readonly bytes: number;
  readonly initiator: string;
}

interface Seen {
  readonly sees: string;
  readonly sets: readonly StatusBit[];
}

export function seen(machine: Hardware, looked: Looked, access: Access): Seen {
  if (access.initiator !== "cpu") return byDevice(looked, access);
  return { sees: byCpu(machine, looked, access), sets: [] };
}

function byCpu(machine: Hardware, { ended, cause }: Looked, { write, bytes }: Access): string {
  const port = ended.hops[0]?.kind === "port";
  if (ended.death?.kind === "page")
    return "a page fault: the access never leaves the CPU, and the driver ends there";
  if (write)
    return written(cause !== undefined, port || ended.hops.some(({ kind }) => kind === "configuration"));
  if (ended.death?.kind === "no-register") {
    const { bar, inside } = ended.death;
    const word = bankBehind(machine, bar)?.peek(inside & ~3, 4);
    if (word === 0) return "zero: the device answers, with nothing";
  }
  if (cause) return `all ones: ${hex((1n << BigInt(bytes * 8)) - 1n)}`;
  const value = ended.hops
    .at(-1)
    ?.facts.find(({ label }) => label === "value" || label === "32-bit value")?.value;
  return value === undefined ? "what is there" : `${value}, as it stands now`;
}

function written(lost: boolean, completed: boolean): string {
  if (!lost) return "nothing: a write brings no answer";
  return completed
    ? "nothing: the write completes and is lost"
    : "nothing: a memory write is posted, so nobody tells the CPU that it was lost";
}

function byDevice({ ended, cause }: Looked, { write, initiator }: Access): Seen {
  if (!cause) return { sees: write ? "nothing: a write brings no answer" : "what RAM holds", sets: [] };
  const remapped: readonly StatusBit[] =
    ended.death?.kind === "remapping"
      ? [
          { id: "dmar0.FSTS.PPF", doc: "A fault is recorded." },
          { id: "dmar0.FRCD_HIGH.F", doc: "The fault record is in use." },
        ]
      : [];
  if (write) return { sees: "nothing: the write is dropped, and the device is not told", sets: remapped };
  const aborted = {
    id: `${initiator}.config.STATUS.REC_MASTER_ABORT`,
    doc: "Received a completion with Unsupported Request.",
  };
  const sent = ended.death?.kind !== "may-not-send";
  return { sees: "all ones, where it looks at them at all", sets: sent ? [aborted, ...remapped] : remapped };
}
