/** Watchpoints as they are wished for, driver or not: our own list outlives sessions, launch.json's and the console's end with theirs. */
import type { WatchpointRequest, WatchpointStatus } from "../../emulator/machine/views";
import type { WatchOwner } from "./driver-thread-protocol";

type Requests = readonly WatchpointRequest[];
type Statuses = readonly WatchpointStatus[];

interface Watching {
  /** By the thread that runs the driver. Undefined before it has booted. */
  watch(owner: WatchOwner, wanted: Requests): Promise<Statuses | undefined>;
}

interface Known {
  readonly driver: () => Watching | undefined;
  /** Without a driver wishes are only checked. */
  readonly check: (owner: WatchOwner, wanted: Requests) => Statuses;
}

export class WatchWishes {
  readonly #known: Known;
  #own: Requests = [];
  #session: Requests = [];

  constructor(known: Known) {
    this.#known = known;
  }

  /** Ours. */
  get own(): Requests {
    return this.#own;
  }

  /** Of this session only. */
  get session(): Requests {
    return this.#session;
  }

  /** A session begins with those of its launch.json, or ends. */
  begin(session: Requests): void {
    this.#session = session;
  }

  /** Replaces our own list; the session's stay beside it. */
  async setOwn(own: Requests): Promise<Statuses> {
    this.#own = own;
    return (await this.set("own", [...own, ...this.#session])).slice(0, own.length);
  }

  async setSession(wanted: Requests): Promise<Statuses> {
    this.#session = wanted;
    return (await this.set("own", [...this.#own, ...wanted])).slice(this.#own.length);
  }

  async set(owner: WatchOwner, wanted: Requests): Promise<Statuses> {
    const driver = this.#known.driver();
    if (!driver) return this.#known.check(owner, wanted);
    const message = "Watched when the driver is loaded.";
    const waiting = wanted.map(({ id }) => ({ id, verified: false, message }));
    return (await driver.watch(owner, wanted).catch(() => undefined)) ?? waiting;
  }
}

/** What would become of them: nothing watches afterwards. */
export function checked(
  watchpoints: { replace(owner: WatchOwner, wanted: Requests): Statuses },
  { owner, wanted }: { readonly owner: WatchOwner; readonly wanted: Requests },
): Statuses {
  const statuses = watchpoints.replace(owner, wanted);
  watchpoints.replace(owner, []);
  return statuses;
}
