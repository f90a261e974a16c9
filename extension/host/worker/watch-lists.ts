/** The two lists of watchpoints in the driver's thread, and what has become of each wish. */
import type { WatchpointRequest, WatchpointStatus } from "../../../emulator/machine/views";
import type { WatchOwner } from "../driver-thread-protocol";

interface Watchpoints {
  replace(owner: WatchOwner, wanted: readonly WatchpointRequest[]): readonly WatchpointStatus[];
}

interface List {
  readonly wanted: readonly WatchpointRequest[];
  readonly statuses: readonly WatchpointStatus[];
}

const EMPTY: List = { wanted: [], statuses: [] };

export class WatchLists {
  readonly #watchpoints: Watchpoints;
  readonly #lists: Record<WatchOwner, List> = { native: EMPTY, own: EMPTY };

  constructor(watchpoints: Watchpoints) {
    this.#watchpoints = watchpoints;
  }

  replace(owner: WatchOwner, wanted: readonly WatchpointRequest[]): readonly WatchpointStatus[] {
    const statuses = this.#watchpoints.replace(owner, wanted);
    this.#lists[owner] = { wanted, statuses };
    return statuses;
  }

  /** The machine has changed: a list whose waiting wishes have come true, or no longer are, is told. */
  recheck(tell: (owner: WatchOwner, statuses: readonly WatchpointStatus[]) => void): void {
    for (const owner of ["native", "own"] as const) {
      const { wanted, statuses } = this.#lists[owner];
      if (statuses.every(({ verified, never }) => verified || never)) continue;
      const now = this.replace(owner, wanted);
      if (now.some(({ verified }, index) => verified !== statuses[index]?.verified)) tell(owner, now);
    }
  }
}
