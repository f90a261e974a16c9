/** The kernel's log: lines with virtual time. */
import type { Clock } from "../core/clock";
import type { LogLine } from "../machine/views";

export class KernelLog {
  readonly #clock: Clock;
  readonly #lines: LogLine[] = [];
  onLine: ((line: LogLine) => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  info(text: string): void {
    this.print("info", text);
  }

  warn(text: string): void {
    this.print("warn", text);
  }

  err(text: string): void {
    this.print("err", text);
  }

  print(level: LogLine["level"], text: string): void {
    const line: LogLine = { time: this.#clock.now, level, text };
    this.#lines.push(line);
    this.onLine?.(line);
  }
}
