/** The lists of watchpoints in the driver's thread, and what was last said of each wish. */
import type { WatchpointRequest, WatchpointStatus } from "../../../emulator/machine/views";
import type { WatchOwner } from "../driver-thread-protocol";

interface Watchpoints {
  replace(owner: WatchOwner, wanted: readonly WatchpointRequest[]): readonly WatchpointStatus[];
  statuses(owner: WatchOwner): readonly WatchpointStatus[];
}

const OWNERS = ["native", "own", "source"] as const;

export class WatchLists {
  readonly #watchpoints: Watchpoints;
  readonly #said: Record<WatchOwner, readonly WatchpointStatus[]> = { native: [], own: [], source: [] };

  constructor(watchpoints: Watchpoints) {
    this.#watchpoints = watchpoints;
  }

  replace(owner: WatchOwner, wanted: readonly WatchpointRequest[]): readonly WatchpointStatus[] {
    this.#said[owner] = this.#watchpoints.replace(owner, wanted);
    return this.#said[owner];
  }

  /** The machine has changed, or one has hit: a list of which something else is true now is told. */
  recheck(tell: (owner: WatchOwner, statuses: readonly WatchpointStatus[]) => void): void {
    for (const owner of OWNERS) {
      const said = this.#said[owner];
      if (said.length === 0) continue;
      const now = this.#watchpoints.statuses(owner);
      this.#said[owner] = now;
      if (now.some(({ verified }, index) => verified !== said[index]?.verified)) tell(owner, now);
    }
  }
}
