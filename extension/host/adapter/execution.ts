/** Running, stopping, stepping: V8's own steps, and the one rule for leaving a watchpoint. */
import type { Debugger } from "node:inspector";
import type { DriverThread } from "../driver-thread";
import { type DriverEvent, type DriverHit, INTERRUPT } from "../driver-thread-protocol";
import { TRAP_PARAMETER } from "../trap-url";
import type { Scripts } from "./scripts";
import { frameOf } from "./stack";
import { type Asked, type Stop, stopOf } from "./stop";

type Step = "over" | "into" | "out";
const STEPS = { over: "Debugger.stepOver", into: "Debugger.stepInto", out: "Debugger.stepOut" } as const;
const PAUSE_MS = 2000;

export interface ExecutionEvents {
  stopped(stop: Stop): void;
  resumed(): void;
  /** A pause was asked for, and V8 did not obey. */
  stuck(): void;
  outOfMemory(): void;
}

/** On its way out of the trap: what to do on the driver's line, unless that line is left by then. */
interface Leaving {
  readonly step: Step;
  readonly line: number;
  /** Frames of the driver: more of them is an interrupt handler that the access called. */
  readonly depth: number;
}

export class Execution {
  readonly #thread: Pick<DriverThread, "target" | "drain">;
  readonly #scripts: Scripts;
  readonly #events: ExecutionEvents;
  #stop: Stop | undefined;
  #asked: Asked;
  #leaving: Leaving | undefined;
  /** From an interrupt's trap into its handler. */
  #entering = false;
  #entry: string | undefined;
  #patience: NodeJS.Timeout | undefined;
  /** V8 stands still, also where nobody is told, and on its way to go on. */
  #held = false;
  /** A pause that V8 would not hear while it is held. */
  #pauseDue = false;

  constructor(
    thread: Pick<DriverThread, "target" | "drain">,
    known: { scripts: Scripts; events: ExecutionEvents },
  ) {
    this.#thread = thread;
    this.#scripts = known.scripts;
    this.#events = known.events;
    // Rejects when the driver ends in the middle of it: then there is no stop to tell of.
    thread.target.on("Debugger.paused", (paused) => void this.#paused(paused).catch(() => undefined));
    thread.target.on("Debugger.resumed", () => this.#goesAgain());
  }

  get stop(): Stop | undefined {
    return this.#stop;
  }

  continue(): void {
    this.#resuming(undefined);
    this.#send("Debugger.resume");
  }

  /** From a watchpoint: leave the trap and the runtime first; they are nobody's steps. */
  step(step: Step): void {
    const stop = this.#stop;
    this.#resuming("step");
    const enters = step === "into" && stop?.event?.kind === INTERRUPT;
    const trapped = !enters && (stop?.hit ?? stop?.event);
    this.#entering = enters;
    if (stop && trapped) this.#leaving = { step, line: lineOf(stop.frames[0]), depth: stop.frames.length };
    this.#send(trapped ? "Debugger.stepOut" : STEPS[step]);
  }

  /** Rejects with V8's reason where it cannot: below the runtime's frames a driver's frame cannot be begun anew. */
  async restartFrame(frameId: number): Promise<void> {
    const frame = frameOf(this.#stop, frameId);
    if (!frame) throw new Error("The driver is not stopped in this frame.");
    const stop = this.#stop;
    this.#resuming("step");
    try {
      await this.#thread.target.send("Debugger.restartFrame", {
        callFrameId: frame.callFrameId,
        mode: "StepInto",
      });
    } catch (error) {
      if (stop) this.#arrive(stop);
      throw new Error(`This frame cannot be begun anew: ${(error as Error).message}.`);
    }
  }

  /** Between a resume and the moment when V8 goes on, it takes a pause for one that it has already. */
  pause(): void {
    this.#asked = "pause";
    this.#pauseDue = this.#held;
    if (!this.#held) this.#send("Debugger.pause");
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#events.stuck(), PAUSE_MS);
  }

  /** Stops before the first statement of a file that is linked and has not run yet. */
  async stopOnEntry(url: string): Promise<void> {
    const scriptId = this.#scripts.idOf(url) ?? "";
    const start = { scriptId, lineNumber: 0, columnNumber: 0 };
    const { locations } = await this.#thread.target.send("Debugger.getPossibleBreakpoints", { start });
    const [first] = locations;
    if (!first) return;
    const { lineNumber, columnNumber = 0 } = first;
    const set = await this.#thread.target.send("Debugger.setBreakpointByUrl", {
      url,
      lineNumber,
      columnNumber,
    });
    this.#entry = set.breakpointId;
  }

  #goesAgain(): void {
    this.#held = false;
    if (this.#pauseDue) this.#send("Debugger.pause");
    this.#pauseDue = false;
  }

  /** Not awaited: the driver may end before V8 answers, which is told elsewhere. */
  #send(method: "Debugger.pause" | "Debugger.resume" | (typeof STEPS)[Step]): void {
    void this.#thread.target.send(method, {}).catch(() => undefined);
  }

  async #paused(paused: Debugger.PausedEventDataType): Promise<void> {
    this.#held = true;
    this.#thread.drain();
    if (paused.reason === ("OOM" as string)) return this.#events.outOfMemory();
    const stop = stopOf(paused, { scripts: this.#scripts, asked: this.#asked });
    // V8 stops a waiting worker once before its first line; nothing of the driver is there to be shown.
    if (!stop) return void (await this.#thread.target.send("Debugger.resume", {}).catch(() => undefined));
    if (this.#entering && stop.reason === "data breakpoint") return this.#send("Debugger.stepInto");
    this.#entering = false;
    if (await this.#goesOn(stop)) return;
    this.#arrive(await this.#complete(stop));
  }

  /** True: still on the way out of a trap. */
  async #goesOn(stop: Stop): Promise<boolean> {
    if (stop.reason === "step" && stop.innermost !== stop.frames[0]) return this.#outOfTheRuntime();
    const leaving = this.#leaving;
    this.#leaving = undefined;
    if (!leaving || stop.reason !== "step") return false;
    const next = nextStep(leaving, stop);
    if (next === "back") this.#leaving = leaving;
    if (next !== undefined) await this.#thread.target.send(STEPS[next === "back" ? "out" : next], {});
    return next !== undefined;
  }

  /** On the main thread V8 steps into what Node prepares a stack trace with, although it is blackboxed. */
  async #outOfTheRuntime(): Promise<true> {
    await this.#thread.target.send(STEPS.out, {});
    return true;
  }

  async #complete(stop: Stop): Promise<Stop> {
    if (stop.reason === "data breakpoint") return this.#readTrap(stop);
    if (this.#entry === undefined || !stop.breakpoints.includes(this.#entry)) return stop;
    await this.#thread.target.send("Debugger.removeBreakpoint", { breakpointId: this.#entry });
    this.#entry = undefined;
    return stop.breakpoints.length > 1 ? stop : { ...stop, reason: "entry", breakpoints: [] };
  }

  async #readTrap(stop: Stop): Promise<Stop> {
    const { result } = await this.#thread.target.send("Debugger.evaluateOnCallFrame", {
      callFrameId: stop.innermost.callFrameId,
      expression: TRAP_PARAMETER,
      returnByValue: true,
    });
    const trapped = result.value as DriverHit | DriverEvent;
    return "kind" in trapped ? { ...stop, reason: "exception", event: trapped } : { ...stop, hit: trapped };
  }

  #arrive(stop: Stop): void {
    clearTimeout(this.#patience);
    this.#stop = stop;
    this.#asked = undefined;
    this.#pauseDue = false;
    this.#events.stopped(stop);
  }

  #resuming(asked: Asked): void {
    if (!this.#stop) throw new Error("The driver is not stopped.");
    this.#stop = undefined;
    this.#asked = asked;
    this.#events.resumed();
  }
}

/** `back`: out of an interrupt handler, and then decide again. Undefined: this is the place to stop. */
function nextStep({ step, line, depth }: Leaving, stop: Stop): Step | "back" | undefined {
  if (stop.frames.length > depth) return step === "into" ? undefined : "back";
  if (stop.frames.length < depth) return undefined;
  return step === "out" || lineOf(stop.innermost) === line ? step : undefined;
}

function lineOf(frame: Debugger.CallFrame | undefined): number {
  return frame?.location.lineNumber ?? -1;
}
