/**
 * What the adapter can do: each flag lights something up in the client.
 * Not offered: goto, because V8 cannot move the point of execution (Run to Cursor needs no flag, and works); stepping
 * back; disassembly; more than one thread.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { exceptionFilters } from "./exceptions";

export const capabilities: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsFunctionBreakpoints: true,
  supportsBreakpointLocationsRequest: true,
  supportsLoadedSourcesRequest: true,
  supportsRestartFrame: true,
  supportsDataBreakpoints: true,
  supportsDataBreakpointBytes: true,
  supportsEvaluateForHovers: true,
  supportsExceptionFilterOptions: true,
  supportsExceptionInfoRequest: true,
  supportsReadMemoryRequest: true,
  supportsWriteMemoryRequest: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: [".", ":", "@"],
  supportsRestartRequest: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsClipboardContext: true,
  supportsTerminateRequest: true,
  supportsValueFormattingOptions: true,
  supportTerminateDebuggee: true,
  exceptionBreakpointFilters: exceptionFilters,
};
