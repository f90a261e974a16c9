/** Machine events that a person wants to stop at: what is wrong with an access, and interrupts. */
import type { Machine } from "../../../emulator/machine/machine";
import { type Condition, parseCondition } from "../../../emulator/machine/watch-condition";
import { type DriverEvent, type EventKind, INTERRUPT, type StopWish } from "../driver-thread-protocol";

export class EventStops {
  readonly #machine: Machine;
  readonly #stop: (event: DriverEvent) => void;
  #interrupts: Condition | boolean = false;

  constructor(machine: Machine, stop: (event: DriverEvent) => void) {
    this.#machine = machine;
    this.#stop = stop;
    machine.watchpoints.events.onEvent = (event) => stop(event);
  }

  /** Replaces what was wanted before. The conditions are known to be ones. */
  replace(wishes: readonly StopWish[]): void {
    const parsed = wishes.map(({ kind, condition }) => ({ kind, condition: conditionOf(condition) }));
    this.#interrupts =
      parsed.find(({ kind }) => kind === INTERRUPT)?.condition ??
      parsed.some(({ kind }) => kind === INTERRUPT);
    this.#machine.watchpoints.events.replace(
      parsed.flatMap(({ kind, condition }) =>
        isAccess(kind) ? [{ kind, ...(condition && { condition }) }] : [],
      ),
    );
  }

  arrives(irq: number, name: string): void {
    const wanted = this.#interrupts;
    const value = BigInt(irq);
    const given = { value, old: value, size: 0, dev: name, bdf: "", initiator: "cpu" } as const;
    if (wanted === false || (wanted !== true && !wanted(given))) return;
    const explanation = `Interrupt ${irq} (${name}) has arrived: its handler runs now, on top of the line that it interrupts`;
    this.#stop({ kind: INTERRUPT, text: `interrupt ${irq} (${name})`, explanation });
  }
}

function conditionOf(text: string | undefined): Condition | undefined {
  const parsed = text === undefined || text.trim() === "" ? undefined : parseCondition(text);
  return typeof parsed === "string" ? undefined : parsed;
}

function isAccess(kind: EventKind): kind is Exclude<EventKind, typeof INTERRUPT> {
  return kind !== INTERRUPT;
}
