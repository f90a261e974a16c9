/** The bus trace for views: read by peeking into the arena, switched by the thread that holds the machine. */
import type { Machine } from "../../emulator/machine/machine";
import { TraceReader } from "../../emulator/machine/trace-reader";
import type { TraceQuery, TraceWindow } from "../../emulator/machine/trace-views";
import type { Control } from "./control";

export class TraceDoor {
  readonly #control: Control;
  #of: { readonly machine: Machine; readonly reader: TraceReader } | undefined;

  constructor(control: Control) {
    this.#control = control;
  }

  read(query: TraceQuery): TraceWindow {
    return this.#reader.read(query);
  }

  async set(to: "on" | "off" | "clear"): Promise<void> {
    await this.#control.operate({ do: "trace", to });
  }

  /** Another machine has another trace. */
  get #reader(): TraceReader {
    const { machine } = this.#control;
    const beyond = {
      log: () => this.#control.log,
      lineOf: (number: number) => this.#control.driverLines.get(number),
    };
    if (this.#of?.machine !== machine) this.#of = { machine, reader: new TraceReader(machine, beyond) };
    return this.#of.reader;
  }
}
