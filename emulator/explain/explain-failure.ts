/** A failure as it was told by the bus or by the page tables, explained while the machine is still as it was. */
import { formatVirtual } from "../core/address";
import { hex } from "../core/hex";
import type { BusError, CompletionStatus } from "../core/transaction";
import type { Hardware } from "../machine/hardware";
import { functionNamed } from "../machine/register-names";
import type { LinuxState } from "../machine/views";
import { bdfOf } from "../machine/watch-target";
import type { Explanation } from "../machine/way-views";
import { PageFault } from "../mmu/page-fault";
import type { Cause } from "./cause";
import { explain, explainCause } from "./explain";
import { bridgesAbove, declaredFunctions } from "./suspect";

/** As it is told: a bus error, or a page fault. */
export type Failed = BusError | PageFault;

export function explainFailure(
  machine: Hardware,
  failed: Failed,
  linux: LinuxState | undefined,
): Explanation {
  if (failed instanceof PageFault) return ofPageFault(machine, failed, linux);
  const { write, bytes } = failed;
  const found = explain(machine, textOf(machine, failed), { write, bytes, linux });
  if (!found.answered) return found;
  return explainCause(machine, textOf(machine, failed), {
    cause: asTold(machine, failed),
    write,
    bytes,
    linux,
  });
}

/** Linux's own report says more than the entries show: who had mapped it. */
function ofPageFault(
  machine: Hardware,
  { address, write, message }: PageFault,
  linux: LinuxState | undefined,
): Explanation {
  const explanation = explain(machine, `virt:0x${formatVirtual(address)}`, { write, linux });
  const lines = message.split("\n");
  const history = lines
    .filter((line) => line.startsWith("rootport: "))
    .map((line) => line.slice("rootport: ".length));
  return {
    ...explanation,
    log: lines.filter((line) => !line.startsWith("rootport: ")),
    notes: [...history.map((it) => `${it}.`), ...explanation.notes],
  };
}

/** Where it was, in words that explain takes. */
function textOf(machine: Hardware, { kind, initiator, address, space }: BusError): string {
  const sender = initiator === "cpu" ? undefined : functionNamed(machine, initiator);
  if (sender) return `iova@${bdfOf(sender)}:${hex(address)}`;
  if (space === "io") return `io:${hex(address)}`;
  if (kind === "master-abort") return `phys:${hex(address)}`;
  const ofPort = holderOf(machine, address)?.bar.kind === "io";
  return ofPort ? `io:${hex(address)}` : `bus:${hex(address)}`;
}

function holderOf(machine: Hardware, address: bigint) {
  for (const fn of declaredFunctions(machine)) {
    const bar = fn.bars.find(
      ({ base, size }) => base !== 0n && address >= base && address < base + BigInt(size),
    );
    if (bar) return { function: fn, bar };
  }
  return undefined;
}

const STATUS: Partial<Readonly<Record<BusError["kind"], CompletionStatus>>> = {
  "completer-abort": "CA",
  timeout: "timeout",
  "master-abort": "UR",
};
const ADVICE: Partial<Readonly<Record<BusError["kind"], string>>> = {
  timeout:
    "Expect it: compare with all ones, then read the Vendor ID to learn whether the device is still there, and reset it",
  "completer-abort": "Expect it: compare with all ones where that is no value of the register",
  poisoned: "Do not use what was read: read again, or reset the device",
};

/** What the walk cannot see: a fault that somebody injected, a completion that did not come. */
function asTold(machine: Hardware, { kind, sentence, address }: BusError): Cause {
  const holder = holderOf(machine, address);
  const status = STATUS[kind];
  const port = holder && bridgesAbove(holder.function)[0];
  const advice = ADVICE[kind];
  return {
    why: `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}${kind === "timeout" ? ": the CPU waited 10 ms, and nothing else ran" : ""}`,
    ...(advice && { mends: [{ sentence: advice }] }),
    ...(status && holder && { ended: { status, completer: holder.function, port } }),
  };
}

/** One that somebody injected to test the driver. */
export function isAskedFor(failed: Failed): boolean {
  return !(failed instanceof PageFault) && failed.sentence.includes("as was asked for");
}
