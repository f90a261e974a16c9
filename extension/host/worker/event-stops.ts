/** Events that a person wants to stop at: what is wrong with an access, interrupts, and what the sanitizer reports. */
import type { Machine } from "../../../emulator/machine/machine";
import type { SanitizerReport } from "../../../emulator/machine/views";
import {
  type Circumstances,
  type Condition,
  parseCondition,
} from "../../../emulator/machine/watch-condition";
import {
  type DriverEvent,
  type EventKind,
  INTERRUPT,
  SANITIZER,
  type StopWish,
} from "../driver-thread-protocol";

const OURS: readonly EventKind[] = [INTERRUPT, SANITIZER];
const always: Condition = () => true;

export class EventStops {
  readonly #machine: Machine;
  readonly #stop: (event: DriverEvent) => void;
  /** Of those kinds that the machine does not know. */
  #ours: ReadonlyMap<EventKind, Condition> = new Map();

  constructor(machine: Machine, stop: (event: DriverEvent) => void) {
    this.#machine = machine;
    this.#stop = stop;
    machine.watchpoints.events.onEvent = (event) => stop(event);
  }

  /** Replaces what was wanted before. The conditions are known to be ones. */
  replace(wishes: readonly StopWish[]): void {
    const parsed = wishes.map(({ kind, condition }) => ({ kind, condition: conditionOf(condition) }));
    const ours = parsed.filter(({ kind }) => OURS.includes(kind));
    this.#ours = new Map(ours.map(({ kind, condition = always }) => [kind, condition]));
    this.#machine.watchpoints.events.replace(
      parsed.flatMap(({ kind, condition }) =>
        isAccess(kind) ? [{ kind, ...(condition && { condition }) }] : [],
      ),
    );
  }

  arrives(irq: number, name: string): void {
    const explanation = `Interrupt ${irq} (${name}) has arrived: its handler runs now, on top of the line that it interrupts`;
    const event = { kind: INTERRUPT, text: `interrupt ${irq} (${name})`, explanation } as const;
    this.#tell(event, { value: BigInt(irq), dev: name });
  }

  reports({ check, text, explanation }: SanitizerReport): void {
    const event = { kind: SANITIZER, text, explanation: explanation.replace(/\.$/, "") } as const;
    this.#tell(event, { value: 0n, dev: check });
  }

  #tell(event: DriverEvent, { value, dev }: Pick<Circumstances, "value" | "dev">): void {
    const wanted = this.#ours.get(event.kind);
    if (wanted?.({ value, old: value, size: 0, dev, bdf: "", initiator: "cpu" })) this.#stop(event);
  }
}

function conditionOf(text: string | undefined): Condition | undefined {
  const parsed = text === undefined || text.trim() === "" ? undefined : parseCondition(text);
  return typeof parsed === "string" ? undefined : parsed;
}

function isAccess(kind: EventKind): kind is Exclude<EventKind, typeof INTERRUPT | typeof SANITIZER> {
  return !OURS.includes(kind);
}
