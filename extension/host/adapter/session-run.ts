/** What a session does to its driver. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { WatchpointRequest } from "../../../emulator/machine/views";
import type { CdpTarget } from "../cdp";
import type { Control } from "../control";
import { type Launch, type LaunchArguments, launchOf } from "./arguments";
import { Breakpoints } from "./breakpoints";
import { DriverLife, Refused } from "./driver-life";
import { Exceptions, SOURCE_WATCHPOINTS } from "./exceptions";
import type { Execution } from "./execution";
import { FunctionBreakpoints } from "./function-breakpoints";
import { Handles } from "./handles";
import { Memory } from "./memory";
import { Narrator } from "./narrator";
import { Scripts } from "./scripts";
import { SourceWatchpoints } from "./source-watchpoints";
import type { Stop } from "./stop";
import { DataBreakpoints } from "./watchpoints";

export class SessionRun {
  readonly scripts = new Scripts();
  readonly handles = new Handles();
  readonly memory: Memory;
  readonly #control: Control;
  readonly #breakpoints = new Breakpoints(this.scripts);
  readonly #functions = new FunctionBreakpoints(this.scripts);
  readonly #exceptions = new Exceptions();
  readonly #data = new DataBreakpoints();
  readonly #source = new SourceWatchpoints();
  readonly #narrator: Narrator;
  #launch: Launch | undefined;
  #life: DriverLife | undefined;

  constructor(control: Control, send: (event: DebugProtocol.Event) => void) {
    this.#control = control;
    this.memory = new Memory(control);
    this.#narrator = new Narrator(send, {
      control,
      scripts: this.scripts,
      handles: this.handles,
      memory: this.memory,
      idsOf: (stop) => [
        ...this.#breakpoints.idsOf(stop.breakpoints),
        ...this.#functions.idsOf(stop.breakpoints),
        ...this.#data.idsOf(stop.hit?.ids ?? []),
      ],
    });
  }

  get stopped(): Stop | undefined {
    return this.#life?.execution?.stop;
  }

  /** The driver's thread, while the debugger holds one. */
  get target(): CdpTarget | undefined {
    return this.#life?.running && this.#life.execution ? this.#life.thread?.target : undefined;
  }

  /** Opens the machine, boots, reads and links; what is wrong with any of it is the rejection. */
  async launch(launch: Launch): Promise<void> {
    this.#launch = launch;
    this.scripts.spell(launch.program);
    if (launch.machine !== undefined) this.#control.openMachine(launch.machine);
    const life = new DriverLife(this.#control, { scripts: this.scripts, events: this.#narrator });
    this.#life = life;
    try {
      const { own, source } = await life.start(launch);
      this.#source.found(source);
      this.#narrator.watching(own, launch.own);
    } catch (error) {
      await this.#abandon(life);
      throw error instanceof Refused ? error.respelled(this.scripts) : error;
    }
    await this.#attach();
    this.#narrator.listening = true;
  }

  configured(): void {
    for (const wrong of this.#source.wrong) this.#narrator.wrongComment(wrong);
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

  async setBreakpoints(
    { path }: DebugProtocol.Source,
    wanted: readonly DebugProtocol.SourceBreakpoint[],
  ): Promise<DebugProtocol.SetBreakpointsResponse["body"]> {
    return { breakpoints: path === undefined ? [] : await this.#breakpoints.set(path, wanted) };
  }

  async setFunctionBreakpoints(
    wanted: readonly DebugProtocol.FunctionBreakpoint[],
  ): Promise<DebugProtocol.SetFunctionBreakpointsResponse["body"]> {
    return { breakpoints: await this.#functions.set(wanted) };
  }

  async setExceptionFilters(
    wanted: DebugProtocol.SetExceptionBreakpointsArguments,
  ): Promise<DebugProtocol.SetExceptionBreakpointsResponse["body"]> {
    const breakpoints = this.#exceptions.set(wanted);
    if (this.target) await this.#applyFilters(this.target);
    return { breakpoints };
  }

  async setDataBreakpoints(
    wanted: readonly DebugProtocol.DataBreakpoint[],
  ): Promise<DebugProtocol.SetDataBreakpointsResponse["body"]> {
    return { breakpoints: await this.#data.set(wanted, this.target ? this.#watch : undefined) };
  }

  async writeMemory(
    wanted: DebugProtocol.WriteMemoryArguments,
  ): Promise<DebugProtocol.WriteMemoryResponse["body"]> {
    const written = await this.memory.write(wanted);
    this.touched();
    return written;
  }

  /** Somebody may have changed the machine by hand: views look again. */
  touched(): void {
    this.#narrator.touched();
  }

  readonly #watch = (wanted: readonly WatchpointRequest[]) => this.#control.watch("native", wanted);

  get #execution(): Execution {
    const execution = this.#life?.execution;
    if (!execution) throw new Error("The driver runs without the debugger.");
    return execution;
  }

  /** What was wished for before there was a driver. */
  async #attach(): Promise<void> {
    const { target } = this;
    if (!target) return;
    await this.#applyFilters(target);
    const changed = [...(await this.#breakpoints.attach(target)), ...(await this.#functions.attach(target))];
    this.#narrator.breakpoints([...changed, ...(await this.#data.apply(this.#watch))]);
  }

  async #applyFilters(target: CdpTarget): Promise<void> {
    await this.#exceptions.apply(target);
    await this.#control.stopAt(this.#exceptions.events);
    const source = this.#exceptions.option(SOURCE_WATCHPOINTS);
    this.#source.choose(source !== undefined, source?.condition);
    await this.#source.apply((wanted) => this.#control.watch("source", wanted));
  }

  async #abandon(life: DriverLife): Promise<void> {
    this.#narrator.listening = false;
    await life.kill();
  }
}
