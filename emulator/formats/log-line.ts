/** A line of the kernel's log, as dmesg prints it. */
import type { LogLine } from "../machine/views";

/** `[    0.000012] edu 0000:01:00.0: ready` */
export function formatLogLine({ time, text }: Pick<LogLine, "time" | "text">): string {
  return `[${(time / 1e9).toFixed(6).padStart(12)}] ${text}`;
}
