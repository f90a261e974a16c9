/** The `stopped` event of a stop. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { exceptionText } from "./exception-info";
import type { Stop, StopReason } from "./stop";

type Body = DebugProtocol.StoppedEvent["body"];

/** The protocol's words, where it has its own. */
const REASONS: Record<StopReason, string> = {
  breakpoint: "breakpoint",
  "data breakpoint": "data breakpoint",
  exception: "exception",
  step: "step",
  pause: "pause",
  entry: "entry",
  "debugger statement": "breakpoint",
};

export function stoppedBody(stop: Stop, known: { threadId: number; hitBreakpointIds: number[] }): Body {
  const { threadId, hitBreakpointIds } = known;
  const ids = hitBreakpointIds.length > 0 ? { hitBreakpointIds } : {};
  return { reason: REASONS[stop.reason], threadId, allThreadsStopped: true, ...said(stop), ...ids };
}

function said({ reason, hit, event, exception }: Stop): Partial<Body> {
  if (hit) return { description: hit.text, text: hit.text };
  if (event) return { description: `Paused on ${event.text}`, text: event.text };
  if (reason === "exception") {
    const text = exceptionText(exception);
    return {
      description: exception?.uncaught === false ? "Paused on exception" : "Paused on uncaught exception",
      text,
    };
  }
  return reason === "debugger statement" ? { description: "Paused on debugger statement" } : {};
}
