/** Which exceptions stop the driver, and what is said about one. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CdpTarget } from "../cdp";
import type { Stop, ThrownValue } from "./stop";

export const SOURCE_WATCHPOINTS = "source-watchpoints";

export const exceptionFilters: DebugProtocol.ExceptionBreakpointsFilter[] = [
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
  #filters: readonly string[] = ["uncaught"];

  /** `target`: the running driver, if there is one. */
  async set(filters: readonly string[], target: CdpTarget | undefined): Promise<void> {
    this.#filters = filters;
    if (target) await this.apply(target);
  }

  async apply(target: CdpTarget): Promise<void> {
    await target.send("Debugger.setPauseOnExceptions", { state: this.#state });
  }

  get #state(): "none" | "caught" | "uncaught" | "all" {
    const [caught, uncaught] = [this.#filters.includes("caught"), this.#filters.includes("uncaught")];
    if (caught && uncaught) return "all";
    if (caught) return "caught";
    return uncaught ? "uncaught" : "none";
  }
}

/** `PageFault: unable to handle page fault …` */
export function exceptionText(thrown: ThrownValue | undefined): string {
  if (!thrown) return "exception";
  const text = thrown.description ?? String(thrown.value);
  return text.split("\n    at ")[0] ?? text;
}

export function exceptionInfo(stop: Stop | undefined): DebugProtocol.ExceptionInfoResponse["body"] {
  if (!stop) throw new Error("The driver is not stopped.");
  const text = exceptionText(stop.exception);
  const [, name, message] = /^([A-Za-z_$][\w$]*): ([\s\S]*)$/.exec(text) ?? [];
  const breakMode = stop.exception?.uncaught === false ? "always" : "unhandled";
  return {
    exceptionId: name ?? stop.exception?.className ?? "exception",
    description: message ?? text,
    breakMode,
  };
}
