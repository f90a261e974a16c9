/** The call stack: the driver's own frames, with the client's spelling of their files. */
import type { Debugger, Runtime } from "node:inspector";
import { basename } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Scripts } from "./scripts";
import type { Stop } from "./stop";

/** Ids from here up are no frames that stand on the stack. */
const SEPARATORS = 1_000_000;
const SCHEDULED = 2_000_000;

/** The frame's id for the client: its depth, counted from 1, because clients take 0 for "no frame". */
export function stackTrace(
  stop: Stop | undefined,
  { scripts, range }: { scripts: Scripts; range: { startFrame?: number; levels?: number } },
): DebugProtocol.StackTraceResponse["body"] {
  const standing = (stop?.frames ?? []).flatMap((frame, depth) => [
    ...interruption(depth, stop?.interrupts.get(depth)),
    stackFrame(frame, { id: depth + 1, scripts }),
  ]);
  const frames = [...standing, ...scheduledFrames(stop?.scheduled, scripts)];
  const { startFrame = 0, levels = 0 } = range;
  const end = levels > 0 ? startFrame + levels : frames.length;
  return { stackFrames: frames.slice(startFrame, end), totalFrames: frames.length };
}

/** Between the handler of an interrupt and the line that it interrupted. */
function interruption(depth: number, irq: number | undefined): DebugProtocol.StackFrame[] {
  return irq === undefined || depth === 0 ? [] : [label(SEPARATORS + depth, `interrupt ${irq}`)];
}

/** Below what stands on the stack: where it was scheduled, for as long as V8 remembers. */
function scheduledFrames(
  trace: Runtime.StackTrace | undefined,
  scripts: Scripts,
  from = SCHEDULED,
): DebugProtocol.StackFrame[] {
  if (!trace) return [];
  const own = trace.callFrames.filter(({ scriptId }) => scripts.isDriver(scriptId));
  const frames = own.map(({ functionName: name, scriptId, lineNumber, columnNumber }, index) => ({
    id: from + 1 + index,
    name: name || "(anonymous)",
    line: lineNumber + 1,
    column: columnNumber + 1,
    source: source(scripts.path(scriptId)),
  }));
  const above = own.length > 0 ? [label(from, trace.description ?? "scheduled by"), ...frames] : [];
  return [...above, ...scheduledFrames(trace.parent, scripts, from + own.length + 1)];
}

function label(id: number, name: string): DebugProtocol.StackFrame {
  return { id, name: `── ${name} ──`, line: 0, column: 0, presentationHint: "label" };
}

export function frameOf(stop: Stop | undefined, id: number | undefined): Debugger.CallFrame | undefined {
  return stop?.frames[(id ?? 1) - 1];
}

export function source(path: string): DebugProtocol.Source {
  return { name: basename(path), path };
}

function stackFrame(
  frame: Debugger.CallFrame,
  known: { id: number; scripts: Scripts },
): DebugProtocol.StackFrame {
  const { scriptId, lineNumber, columnNumber = 0 } = frame.location;
  return {
    id: known.id,
    name: functionName(frame),
    line: lineNumber + 1,
    column: columnNumber + 1,
    source: source(known.scripts.path(scriptId)),
  };
}

/** The module's own statements have no function. */
export function functionName({ functionName, scopeChain }: Debugger.CallFrame): string {
  if (functionName !== "") return functionName;
  return scopeChain[0]?.type === "module" ? "(module)" : "(anonymous)";
}
