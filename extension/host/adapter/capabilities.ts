/** What the adapter can do: each flag lights something up in the client. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { exceptionFilters } from "./exceptions";

export const capabilities: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsFunctionBreakpoints: true,
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
  supportsTerminateRequest: true,
  supportsValueFormattingOptions: true,
  supportTerminateDebuggee: true,
  exceptionBreakpointFilters: exceptionFilters,
};
