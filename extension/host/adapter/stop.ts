/** One stop of the driver, as a person should see it. */
import type { Debugger, Runtime } from "node:inspector";
import type { DriverEvent, DriverHit } from "../driver-thread-protocol";
import { interruptOf } from "../trap-url";
import type { Scripts } from "./scripts";

export type StopReason =
  | "breakpoint"
  | "data breakpoint"
  | "exception"
  | "step"
  | "pause"
  | "entry"
  | "debugger statement";

export interface Stop {
  readonly reason: StopReason;
  /** The driver's own frames, innermost first: the runtime's are hidden. */
  readonly frames: readonly Debugger.CallFrame[];
  /** The frame that V8 stopped in: the trap, at a watchpoint. */
  readonly innermost: Debugger.CallFrame;
  /** V8's names of the breakpoints at this place. */
  readonly breakpoints: readonly string[];
  readonly hit?: DriverHit;
  readonly event?: DriverEvent;
  /** Which interrupt was entered above a frame of `frames`: by the index of the frame that it interrupted. */
  readonly interrupts: ReadonlyMap<number, number>;
  readonly exception?: ThrownValue;
  /** Who scheduled what runs now: before an await, or where work was queued. */
  readonly scheduled?: Runtime.StackTrace;
}

export interface ThrownValue extends Runtime.RemoteObject {
  /** V8's opinion, absent when it has none. */
  readonly uncaught?: boolean;
}

/** What the person asked for last: it tells a step's end from a pause. */
export type Asked = "step" | "pause" | undefined;

/** Undefined when no line of the driver is on the stack. `hit` is added by whoever reads it from the trap. */
export function stopOf(
  paused: Debugger.PausedEventDataType,
  known: { scripts: Scripts; asked: Asked },
): Stop | undefined {
  const { frames, interrupts } = driversFrames(paused.callFrames, known.scripts);
  const [innermost] = paused.callFrames;
  if (!innermost || frames.length === 0) return undefined;
  const breakpoints = paused.hitBreakpoints ?? [];
  const { asyncStackTrace } = paused;
  const scheduled = asyncStackTrace && { scheduled: asyncStackTrace };
  const stop = { frames, interrupts, innermost, breakpoints, ...scheduled };
  if (known.scripts.isTrap(innermost.location.scriptId)) return { ...stop, reason: "data breakpoint" };
  if (isException(paused)) return { ...stop, reason: "exception", exception: paused.data as ThrownValue };
  if (breakpoints.length > 0) return { ...stop, reason: "breakpoint" };
  return { ...stop, reason: known.asked ?? "debugger statement" };
}

function driversFrames(
  all: readonly Debugger.CallFrame[],
  scripts: Scripts,
): Pick<Stop, "frames" | "interrupts"> {
  const frames: Debugger.CallFrame[] = [];
  const interrupts = new Map<number, number>();
  for (const frame of all) {
    const irq = interruptOf(frame.functionName);
    if (scripts.isDriver(frame.location.scriptId)) frames.push(frame);
    else if (irq !== undefined) interrupts.set(frames.length, irq);
  }
  return { frames, interrupts };
}

function isException({ reason, data }: Debugger.PausedEventDataType): boolean {
  return (reason === "exception" || reason === "promiseRejection") && data !== undefined;
}
