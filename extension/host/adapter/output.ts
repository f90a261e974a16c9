/** What the Debug Console shows. */
import { OutputEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
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

/** `[    0.000012] edu 0000:01:00.0: ready`, as dmesg prints it. */
export function logOutput({ time, level, text }: LogLine): DebugProtocol.OutputEvent {
  return output(logText({ time, level, text }), level === "err" || level === "warn" ? "stderr" : "stdout");
}

export function logText({ time, text }: LogLine): string {
  return `[${(time / 1e9).toFixed(6).padStart(12)}] ${text}`;
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
