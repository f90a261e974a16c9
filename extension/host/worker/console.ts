/** A driver's `console`, sent at once: a worker's own stdout waits for an event loop that a driver may never reach. */
import { format } from "node:util";

type Write = (level: "out" | "error", text: string) => void;

export function replaceConsole(write: Write): void {
  for (const name of ["log", "info", "debug"] as const) {
    console[name] = (...values: unknown[]) => write("out", format(...values));
  }
  for (const name of ["warn", "error"] as const) {
    console[name] = (...values: unknown[]) => write("error", format(...values));
  }
}
