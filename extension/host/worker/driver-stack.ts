/** Which line of the driver is running, seen from inside the runtime. */
import { fileURLToPath } from "node:url";
import type { DriverPlace } from "../driver-thread-protocol";

const FRAME = /^\s*at (?:(?:async )?(?:Object\.|Module\.|new )?(.*?) )?\(?(file:\/\/.*?):(\d+):(\d+)\)?$/;

/** The innermost frame in one of the driver's own files. */
export function driverPlace(
  stack: string | undefined,
  isDriver: (url: string) => boolean,
): DriverPlace | undefined {
  for (const line of (stack ?? "").split("\n")) {
    const [, name, url, row, column] = FRAME.exec(line) ?? [];
    if (url === undefined || !isDriver(url)) continue;
    return {
      function: name ?? "",
      path: fileURLToPath(url),
      line: Number(row),
      column: Number(column),
    };
  }
  return undefined;
}

/** The stack of the caller, deep enough to see through an interrupt. */
export function stackHere(): string | undefined {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  const { stack } = new Error();
  Error.stackTraceLimit = before;
  return stack;
}
