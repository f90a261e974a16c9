/** Watchpoints written in the driver's comments: enabled together, or by group, with one of the exception filters. */
import type { WatchpointRequest, WatchpointStatus } from "../../../emulator/machine/views";
import { parseWatch } from "../../../emulator/machine/watch-spec";
import type { SourceWatchpoint } from "../driver-thread-protocol";

type Watch = (wanted: readonly WatchpointRequest[]) => Promise<readonly WatchpointStatus[]>;

/** A comment that says nothing that can be watched. */
export interface WrongComment {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export class SourceWatchpoints {
  #found: readonly SourceWatchpoint[] = [];
  /** Undefined: none. Empty: all. */
  #groups: readonly string[] | undefined = [];
  #wrong: readonly WrongComment[] = [];

  /** `condition`: names of groups, by commas or spaces; absent means all. `enabled` false: none. */
  choose(enabled: boolean, condition = ""): void {
    this.#groups = enabled ? condition.split(/[\s,]+/).filter((name) => name !== "") : undefined;
  }

  /** A driver is linked: these are in its files. */
  found(source: readonly SourceWatchpoint[]): void {
    this.#found = source;
  }

  /** Of those that are enabled. */
  get wrong(): readonly WrongComment[] {
    return this.#wrong;
  }

  async apply(watch: Watch): Promise<void> {
    const wanted = this.#found.filter((it) => this.#enabled(it));
    const statuses = await watch(wanted.map(({ id, spec }) => ({ id, spec })));
    this.#wrong = wanted.flatMap(({ path, line }, index) => {
      const status = statuses[index];
      return status?.never ? [{ path, line, message: status.message ?? "It can never be watched" }] : [];
    });
  }

  #enabled({ spec }: SourceWatchpoint): boolean {
    if (this.#groups === undefined || this.#groups.length === 0) return this.#groups !== undefined;
    const parsed = parseWatch(spec);
    return typeof parsed !== "string" && parsed.group !== undefined && this.#groups.includes(parsed.group);
  }
}
