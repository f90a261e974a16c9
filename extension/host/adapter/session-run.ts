/** What a session does to its driver. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CdpTarget } from "../cdp";
import type { Control } from "../control";
import { type Launch, type LaunchArguments, launchOf } from "./arguments";
import { DriverLife, Refused } from "./driver-life";
import type { Execution } from "./execution";
import { Handles } from "./handles";
import { Memory } from "./memory";
import { Narrator } from "./narrator";
import { Scripts } from "./scripts";
import { source } from "./stack";
import type { Stop } from "./stop";
import { Wishes } from "./wishes";

export class SessionRun {
  readonly scripts = new Scripts();
  readonly handles = new Handles();
  readonly memory: Memory;
  readonly wishes: Wishes;
  readonly #control: Control;
  readonly #narrator: Narrator;
  #launch: Launch | undefined;
  #life: DriverLife | undefined;

  constructor(control: Control, send: (event: DebugProtocol.Event) => void) {
    this.#control = control;
    this.memory = new Memory(control);
    this.wishes = new Wishes(control, this.scripts);
    this.#narrator = new Narrator(send, {
      control,
      scripts: this.scripts,
      handles: this.handles,
      memory: this.memory,
      idsOf: (stop) => this.wishes.idsOf(stop),
      ended: () => this.wishes.detach(),
    });
  }

  get stopped(): Stop | undefined {
    return this.#life?.execution?.stop;
  }

  /** The driver's thread, while the debugger holds one. */
  get target(): CdpTarget | undefined {
    return this.#life?.running && this.#life.execution ? this.#life.thread?.target : undefined;
  }

  /** For whoever looks into the driver's thread; throws where none runs under the debugger. */
  get debugger(): { readonly handles: Handles; readonly target: CdpTarget } {
    const { handles, target } = this;
    if (!target) throw new Error("The driver does not run under the debugger.");
    return { handles, target };
  }

  /** Opens the machine, boots, reads and links; what is wrong with any of it is the rejection. */
  async launch(launch: Launch): Promise<void> {
    this.#launch = launch;
    this.scripts.spell(launch.program);
    this.wishes.detach();
    if (launch.machine !== undefined) this.#control.openMachine(launch.machine);
    const life = new DriverLife(this.#control, { scripts: this.scripts, events: this.#narrator });
    this.#life = life;
    try {
      const { own, source } = await life.start(launch);
      this.#narrator.watching(own, launch.own);
      if (this.target) this.#narrator.breakpoints(await this.wishes.attach(this.target, source));
    } catch (error) {
      await this.#abandon(life);
      throw error instanceof Refused ? error.respelled(this.scripts) : error;
    }
    this.#narrator.listening = true;
  }

  configured(): void {
    for (const wrong of this.wishes.wrong) this.#narrator.wrongComment(wrong);
    this.#life?.run();
  }

  /** Power cycle, with the same wishes. */
  async restart(changed: Partial<LaunchArguments> | undefined): Promise<void> {
    if (!this.#launch) throw new Error("There is nothing to restart.");
    const launch = changed?.program === undefined ? this.#launch : launchOf(changed);
    this.#narrator.listening = false;
    await this.#life?.stop({ patient: false });
    try {
      await this.launch(launch);
    } catch (error) {
      this.#narrator.listening = true;
      this.#narrator.over({ code: 1, sentence: (error as Error).message, unkillable: false });
      throw error;
    }
    this.configured();
  }

  async stop(how: { patient: boolean }): Promise<void> {
    if (!this.#life?.running) return;
    await this.#life.stop(how);
  }

  async kill(): Promise<void> {
    await this.#life?.kill("The driver was killed.");
  }

  continue(): { allThreadsContinued: boolean } {
    this.#execution.continue();
    return { allThreadsContinued: true };
  }

  step(step: "over" | "into" | "out"): void {
    this.#execution.step(step);
  }

  async restartFrame(frameId: number): Promise<void> {
    await this.#execution.restartFrame(frameId);
  }

  /** An idle driver runs no code: there is no line to stop at. */
  pause(): void {
    if (this.#control.phase === "idle")
      throw new Error("The driver is idle: it is bound, and no line of it runs.");
    this.#execution.pause();
  }

  loadedSources(): DebugProtocol.LoadedSourcesResponse["body"] {
    return { sources: this.target ? this.scripts.sources.map(source) : [] };
  }

  /** Somebody may have changed the machine by hand: views look again. */
  touched(): void {
    this.#narrator.touched();
  }

  get #execution(): Execution {
    const execution = this.#life?.execution;
    if (!execution) throw new Error("The driver runs without the debugger.");
    return execution;
  }

  async #abandon(life: DriverLife): Promise<void> {
    this.#narrator.listening = false;
    await life.kill();
  }
}
