/** One driver from power-on to its end, under the debugger or without one. */
import type { WatchpointStatus } from "../../../emulator/machine/views";
import type { Control } from "../control";
import { noteOutOfMemory, outOfMemory } from "../death";
import type { DriverThread } from "../driver-thread";
import type { DriverHit, FromWorker, Problem, WatchOwner } from "../driver-thread-protocol";
import { driverUrl } from "../driver-url";
import type { Launch } from "./arguments";
import { Execution } from "./execution";
import type { Scripts } from "./scripts";
import { functionName } from "./stack";
import type { Stop } from "./stop";

/** Everything but the driver's files and the trap: bundles, Node's own, and what the debugger evaluates. */
const RUNTIME = ["\\.c?js(\\?.*)?$", "^node:", "^evalmachine", "^$"];
const REMOVE_MS = 1000;
/** How many times "who scheduled this" is answered. */
const SCHEDULED_DEPTH = 8;

export interface LifeEvents {
  said(message: Said): void;
  hit(hit: DriverHit): void;
  /** An access failed, or the sanitizer has something to say: the driver goes on. */
  mistake(mistake: Mistake): void;
  /** Watchpoints that waited have become true, or the other way round. */
  watchpoints(owner: WatchOwner, statuses: readonly WatchpointStatus[]): void;
  idle(): void;
  stopped(stop: Stop): void;
  resumed(): void;
  stuck(): void;
  over(end: End): void;
}

export type Said = Extract<FromWorker, { type: "log" | "console" }>;
export type Mistake = Extract<FromWorker, { type: "failure" | "report" }>;

/** Nothing of the driver runs any more. */
export interface End {
  /** 0: as it was meant to end. */
  readonly code: number;
  readonly sentence?: string;
  /** Only the end of this process ends the thread. */
  readonly unkillable: boolean;
}

type Linked = Extract<FromWorker, { type: "linked" }>;

/** The driver was refused before any of it ran. */
export class Refused extends Error {
  readonly place: Omit<Problem, "message">;

  constructor({ message, ...place }: Problem) {
    super(message);
    this.place = place;
  }

  /** The same, with the path as the client writes it. */
  respelled(scripts: Scripts): Refused {
    return new Refused({ ...this.place, path: scripts.respell(this.place.path), message: this.message });
  }
}

export class DriverLife {
  readonly #control: Control;
  readonly #scripts: Scripts;
  readonly #events: LifeEvents;
  #thread: DriverThread | undefined;
  #execution: Execution | undefined;
  #linked: { resolve(linked: Linked): void; reject(error: Error): void } | undefined;
  #ending: Promise<void> | undefined;
  #quiet = true;

  constructor(control: Control, parts: { scripts: Scripts; events: LifeEvents }) {
    this.#control = control;
    this.#scripts = parts.scripts;
    this.#events = parts.events;
  }

  get thread(): DriverThread | undefined {
    return this.#thread;
  }

  get execution(): Execution | undefined {
    return this.#execution;
  }

  get running(): boolean {
    return this.#thread !== undefined && this.#ending === undefined;
  }

  /** Boots, reads and links. Rejects with Refused; nothing of the driver has run when it resolves. */
  async start(launch: Launch): Promise<Linked> {
    const linked = new Promise<Linked>((resolve, reject) => {
      this.#linked = { resolve, reject };
    });
    const thread = await this.#control.startDriver(launch, (message) => this.#take(message));
    this.#thread = thread;
    void thread.exited.then((cause) => this.#exited(cause));
    if (launch.debug) await this.#debug(thread);
    await thread.begin();
    const answer = await linked;
    // V8 answers after it has told of the scripts, which come another way than what the thread says.
    if (launch.debug) await thread.target.send("Debugger.setSkipAllPauses", { skip: false });
    if (launch.debug && launch.stopOnEntry) await this.#execution?.stopOnEntry(driverUrl(launch.program));
    return answer;
  }

  run(): void {
    this.#quiet = false;
    this.#control.phase = "running";
    this.#thread?.post({ type: "run" });
  }

  /** Stop, as a person means it: an idle driver is removed, and may stop in its remove(); any other is ended where it is. */
  async stop(how: { patient: boolean }): Promise<void> {
    if (!this.#thread) return;
    if (this.#control.phase !== "idle") return this.kill(this.#unremoved());
    if (!how.patient)
      await this.#thread.target.send("Debugger.setSkipAllPauses", { skip: true }).catch(() => undefined);
    this.#control.phase = "running";
    this.#thread.post({ type: "remove" });
    if (!how.patient) await this.#removedSoon(this.#thread);
  }

  /** Ends the thread wherever it is. The machine stays as the driver left it. */
  async kill(sentence?: string): Promise<void> {
    await this.#end({ code: 0, ...(sentence === undefined ? {} : { sentence }) });
  }

  async #debug(thread: DriverThread): Promise<void> {
    const { target } = thread;
    this.#scripts.follow(target);
    this.#execution = new Execution(thread, {
      scripts: this.#scripts,
      events: {
        stopped: (stop) => this.#events.stopped(stop),
        resumed: () => this.#events.resumed(),
        stuck: () => this.#events.stuck(),
        outOfMemory: () => {
          noteOutOfMemory();
          void this.#end({ code: 1, sentence: outOfMemory });
        },
      },
    });
    await target.send("Runtime.enable", {});
    await target.send("Debugger.enable", {});
    await target.send("Debugger.setAsyncCallStackDepth", { maxDepth: SCHEDULED_DEPTH });
    await target.send("Debugger.setBlackboxPatterns", { patterns: RUNTIME });
  }

  #take(message: FromWorker): void {
    const { type } = message;
    if (type === "linked") this.#linked?.resolve(message);
    else if (type === "refused") this.#linked?.reject(new Refused(message.problem));
    else if (type === "log" || type === "console") this.#say(message);
    else if (type === "hit") this.#events.hit(message.hit);
    else if (type === "failure" || type === "report") this.#events.mistake(message);
    else if (type === "watchpoints") this.#events.watchpoints(message.owner, message.statuses);
    else if (type === "idle") this.#events.idle();
    else if (type === "failed") this.#failed(failure(message.failure));
    else if (type === "removed") void this.#end({ code: 0 });
  }

  /** Before the driver is linked, it is the launch that fails. */
  #failed(sentence: string): void {
    this.#linked?.reject(new Error(sentence));
    void this.#end({ code: 1, sentence });
  }

  #say(message: Said): void {
    if (!this.#quiet) this.#events.said(message);
  }

  #exited(cause: string | undefined): void {
    this.#failed(cause ?? "The driver's thread ended by itself.");
  }

  /** Only the first end counts. */
  #end(end: { code: number; sentence?: string }): Promise<void> {
    this.#ending ??= this.#finish(end);
    return this.#ending;
  }

  async #finish(end: { code: number; sentence?: string }): Promise<void> {
    const killed = (await this.#thread?.kill()) ?? true;
    if (killed) await this.#thread?.exited;
    this.#events.over({ ...end, unkillable: !killed });
  }

  async #removedSoon(thread: DriverThread): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, REMOVE_MS, "late"));
    if ((await Promise.race([thread.exited, late])) === "late")
      await this.kill("remove() did not return, so the driver was killed.");
    await this.#ending;
  }

  #unremoved(): string {
    const frame = this.#execution?.stop?.frames[0];
    const where = frame ? `in ${functionName(frame)}` : "while it ran";
    return `The driver was ended ${where}, so its remove() did not run.`;
  }
}

/** The first line says what and where; an oops of the kernel has more. */
function failure({ message, at }: Extract<FromWorker, { type: "failed" }>["failure"]): string {
  if (!at) return message;
  const [what = "", ...more] = message.split("\n");
  const where = at.function === "" ? "" : ` in ${at.function}()`;
  return [`${at.path}:${at.line}: ${what}${where}`, ...more].join("\n");
}
