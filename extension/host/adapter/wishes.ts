/** Where a person wants the driver to stop: kept while there is none, bound when one is linked. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { WatchpointRequest } from "../../../emulator/machine/views";
import type { CdpTarget } from "../cdp";
import type { Control } from "../control";
import type { SourceWatchpoint } from "../driver-thread-protocol";
import { Breakpoints } from "./breakpoints";
import { Exceptions, SOURCE_WATCHPOINTS } from "./exceptions";
import { FunctionBreakpoints } from "./function-breakpoints";
import type { Scripts } from "./scripts";
import { SourceWatchpoints, type WrongComment } from "./source-watchpoints";
import type { Stop } from "./stop";
import { DataBreakpoints } from "./watchpoints";

export class Wishes {
  readonly #control: Control;
  readonly #lines: Breakpoints;
  readonly #functions: FunctionBreakpoints;
  readonly #exceptions = new Exceptions();
  readonly #data = new DataBreakpoints();
  readonly #source = new SourceWatchpoints();
  #target: CdpTarget | undefined;

  constructor(control: Control, scripts: Scripts) {
    this.#control = control;
    this.#lines = new Breakpoints(scripts);
    this.#functions = new FunctionBreakpoints(scripts);
  }

  /** The client's ids of what made this stop. */
  idsOf(stop: Stop): number[] {
    return [
      ...this.#lines.idsOf(stop.breakpoints),
      ...this.#functions.idsOf(stop.breakpoints),
      ...this.#data.idsOf(stop.hit?.ids ?? []),
    ];
  }

  /** Those of the driver's comments that can never be watched. */
  get wrong(): readonly WrongComment[] {
    return this.#source.wrong;
  }

  /** A driver is linked, with these in its comments: everything wished for is bound, and what has become of it is the answer. */
  async attach(target: CdpTarget, found: readonly SourceWatchpoint[]): Promise<DebugProtocol.Breakpoint[]> {
    this.#target = target;
    this.#source.found(found);
    await this.#applyFilters(target);
    const lines = await this.#lines.attach(target);
    const functions = await this.#functions.attach(target);
    return [...lines, ...functions, ...(await this.#data.apply(this.#watch))];
  }

  /** The driver has ended. */
  detach(): void {
    this.#target = undefined;
    this.#lines.detach();
    this.#functions.detach();
  }

  async lines(
    { path }: DebugProtocol.Source,
    wanted: readonly DebugProtocol.SourceBreakpoint[],
  ): Promise<DebugProtocol.SetBreakpointsResponse["body"]> {
    return { breakpoints: path === undefined ? [] : await this.#lines.set(path, wanted) };
  }

  async locations(
    asked: DebugProtocol.BreakpointLocationsArguments,
  ): Promise<DebugProtocol.BreakpointLocationsResponse["body"]> {
    return { breakpoints: await this.#lines.locations(asked) };
  }

  async functions(
    wanted: readonly DebugProtocol.FunctionBreakpoint[],
  ): Promise<DebugProtocol.SetFunctionBreakpointsResponse["body"]> {
    return { breakpoints: await this.#functions.set(wanted) };
  }

  async exceptions(
    wanted: DebugProtocol.SetExceptionBreakpointsArguments,
  ): Promise<DebugProtocol.SetExceptionBreakpointsResponse["body"]> {
    const breakpoints = this.#exceptions.set(wanted);
    if (this.#target) await this.#applyFilters(this.#target);
    return { breakpoints };
  }

  async data(
    wanted: readonly DebugProtocol.DataBreakpoint[],
  ): Promise<DebugProtocol.SetDataBreakpointsResponse["body"]> {
    return { breakpoints: await this.#data.set(wanted, this.#target ? this.#watch : undefined) };
  }

  readonly #watch = (wanted: readonly WatchpointRequest[]) => this.#control.watchpoints.set("native", wanted);

  async #applyFilters(target: CdpTarget): Promise<void> {
    await this.#exceptions.apply(target);
    await this.#control.stopAt(this.#exceptions.events);
    const source = this.#exceptions.option(SOURCE_WATCHPOINTS);
    this.#source.choose(source !== undefined, source?.condition);
    await this.#source.apply((wanted) => this.#control.watchpoints.set("source", wanted));
  }
}
