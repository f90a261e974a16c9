/** What the Debug Console shows. */
import { OutputEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { formatLogLine } from "../../../emulator/formats/log-line";
import type { LogLine } from "../../../emulator/machine/views";
import type { DriverHit, DriverPlace, FromWorker } from "../driver-thread-protocol";
import type { Scripts } from "./scripts";
import { source } from "./stack";

type ConsoleLine = Extract<FromWorker, { type: "console" }>;
type Category = "stdout" | "stderr" | "console";

export function output(text: string, category: Category, place?: object): DebugProtocol.OutputEvent {
  const event: DebugProtocol.OutputEvent = new OutputEvent(`${text}\n`, category);
  Object.assign(event.body, place);
  return event;
}

export function logOutput(line: LogLine): DebugProtocol.OutputEvent {
  const { level } = line;
  return output(formatLogLine(line), level === "err" || level === "warn" ? "stderr" : "stdout");
}

export function hitOutput(hit: DriverHit, scripts: Scripts): DebugProtocol.OutputEvent {
  return output(hit.text, "console", hit.by && placeOf(hit.by, scripts));
}

export function consoleOutput({ level, text, at }: ConsoleLine, scripts: Scripts): DebugProtocol.OutputEvent {
  return output(text, level === "error" ? "stderr" : "stdout", at && placeOf(at, scripts));
}

function placeOf({ path, line, column }: DriverPlace, scripts: Scripts): object {
  return { source: source(scripts.respell(path)), line, column };
}
