/** The call stack: the driver's own frames, with the client's spelling of their files. */
import type { Debugger } from "node:inspector";
import { basename } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Scripts } from "./scripts";
import type { Stop } from "./stop";

/** Ids from here up are no frames of the driver. */
const SEPARATORS = 1_000_000;

/** The frame's id for the client: its depth, counted from 1, because clients take 0 for "no frame". */
export function stackTrace(
  stop: Stop | undefined,
  { scripts, range }: { scripts: Scripts; range: { startFrame?: number; levels?: number } },
): DebugProtocol.StackTraceResponse["body"] {
  const frames = (stop?.frames ?? []).flatMap((frame, depth) => [
    ...separator(depth, stop?.interrupts.get(depth)),
    stackFrame(frame, { id: depth + 1, scripts }),
  ]);
  const { startFrame = 0, levels = 0 } = range;
  const end = levels > 0 ? startFrame + levels : frames.length;
  return { stackFrames: frames.slice(startFrame, end), totalFrames: frames.length };
}

/** Between the handler of an interrupt and the line that it interrupted. */
function separator(depth: number, irq: number | undefined): DebugProtocol.StackFrame[] {
  if (irq === undefined || depth === 0) return [];
  const name = `── interrupt ${irq} ──`;
  return [{ id: SEPARATORS + depth, name, line: 0, column: 0, presentationHint: "label" }];
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
