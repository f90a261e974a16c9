/** Which exceptions and which events of the machine stop the driver. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { parseCondition } from "../../../emulator/machine/watch-condition";
import type { CdpTarget } from "../cdp";
import type { EventKind, StopWish } from "../driver-thread-protocol";
import type { ThrownValue } from "./stop";

type Filter = DebugProtocol.ExceptionBreakpointsFilter;
type Option = DebugProtocol.ExceptionFilterOptions;

export const SOURCE_WATCHPOINTS = "source-watchpoints";
const CONDITION = '$value & 1 && $dev == "edu": also $old, $size, $bdf, $initiator';

const CONDITIONS: Partial<Record<EventKind, string>> = {
  interrupt: "$value == 24: $value is the number, $dev the name",
  "interrupt-lost": '$dev == "nvme": $value is the vector, $dev the device',
  aer: '$bdf == "01:00.0": who sent it',
  sanitizer: '$dev == "leak": $dev is the name of the check',
};

function event(filter: EventKind, label: string, description: string): Filter {
  const conditionDescription = CONDITIONS[filter] ?? CONDITION;
  return { filter, label, description, default: false, supportsCondition: true, conditionDescription };
}

const EVENTS: readonly Filter[] = [
  event("page-fault", "Page faults", "Accesses to what is not mapped, also where the driver catches them"),
  event(
    "master-abort",
    "Unanswered accesses",
    "Master abort, Unsupported Request: nothing answers, a read is all ones",
  ),
  event(
    "refused-access",
    "Refused accesses",
    "A width that the register does not take, or no register there",
  ),
  event("read-only-write", "Writes to read-only registers", "What is written is lost"),
  event("completer-abort", "Completer aborts", "The device refuses to complete a request"),
  event("timeout", "Completion timeouts", "No completion comes"),
  event("poisoned", "Poisoned data", "Data arrives that is marked as broken"),
  event("dma-blocked", "Blocked DMA", "A device's request is held back: Bus Master Enable is off"),
  event("iommu-fault", "IOMMU faults", "A device's request is refused by the tables of the remapping unit"),
  event("aer", "Error messages (AER)", "A root port receives ERR_COR, ERR_NONFATAL or ERR_FATAL"),
  event("interrupt", "Interrupts", "Before the handler of an interrupt runs"),
  event("interrupt-lost", "Lost interrupts", "A message interrupt that nobody will ever handle"),
  event(
    "sanitizer",
    "Sanitizer reports",
    "A mistake of the driver although the machine goes on: DMA outside a mapping, a leak, sleeping in atomic context",
  ),
];

export const exceptionFilters: Filter[] = [
  {
    filter: "uncaught",
    label: "Uncaught exceptions",
    description: "Page faults and exceptions that the driver does not catch",
    default: true,
  },
  {
    filter: "caught",
    label: "Caught exceptions",
    description: "Exceptions that the driver catches",
    default: false,
  },
  ...EVENTS,
  {
    filter: SOURCE_WATCHPOINTS,
    label: "Source watchpoints",
    description: "Watchpoints in the driver's comments: // @watch edu.STATUS w if $value & 1",
    default: true,
    supportsCondition: true,
    conditionDescription: "names of groups (// @watch edu.STATUS w group polling); none means all",
  },
];

export class Exceptions {
  #options: readonly Option[] = exceptionFilters.flatMap((it) =>
    it.default ? [{ filterId: it.filter }] : [],
  );

  /** Replaces the choice; answers for each in the client's order. */
  set({
    filters,
    filterOptions = [],
  }: DebugProtocol.SetExceptionBreakpointsArguments): DebugProtocol.Breakpoint[] {
    const all = [...filters.map((filterId) => ({ filterId })), ...filterOptions];
    const answers = all.map(verdict);
    this.#options = all.filter((_, index) => answers[index]?.verified);
    return answers;
  }

  /** The option of a filter that is on. */
  option(filter: string): Option | undefined {
    return this.#options.find(({ filterId }) => filterId === filter);
  }

  get events(): readonly StopWish[] {
    return EVENTS.flatMap(({ filter }) => {
      const option = this.option(filter);
      const { condition } = option ?? {};
      return option ? [{ kind: filter as EventKind, ...(condition ? { condition } : {}) }] : [];
    });
  }

  async apply(target: CdpTarget): Promise<void> {
    await target.send("Debugger.setPauseOnExceptions", { state: this.#state });
  }

  get #state(): "none" | "caught" | "uncaught" | "all" {
    const uncaught = this.option("uncaught") !== undefined;
    if (this.option("caught")) return uncaught ? "all" : "caught";
    return uncaught ? "uncaught" : "none";
  }
}

function verdict({ filterId, condition }: Option): DebugProtocol.Breakpoint {
  if (!exceptionFilters.some(({ filter }) => filter === filterId))
    return { verified: false, message: `There is no filter "${filterId}".` };
  const conditional = EVENTS.some(({ filter }) => filter === filterId) && condition?.trim();
  const problem = conditional ? parseCondition(conditional) : undefined;
  return typeof problem === "string" ? { verified: false, message: `${problem}.` } : { verified: true };
}

/** By its text: a bundle may rename its class. */
export function isPageFault(thrown: ThrownValue | undefined): boolean {
  return /^\w+: BUG: unable to handle page fault/.test(thrown?.description ?? "");
}
