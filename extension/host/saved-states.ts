/** States of the machine that a person has put aside: all that is hardware. What Linux and the driver know is not in them. */
import { PAGE_SIZE } from "../../emulator/core/address";
import { Arena } from "../../emulator/core/arena";
import type { MachineDescription } from "../../emulator/machine/description";
import { Inspection } from "../../emulator/machine/inspect";
import { Machine } from "../../emulator/machine/machine";
import type { FunctionView, LinuxState, RegisterView } from "../../emulator/machine/views";

export interface OpenMachine {
  readonly description: MachineDescription;
  readonly machine: Machine;
}

/** A register that holds something else in two states. */
export interface RegisterChange {
  readonly before: RegisterView;
  readonly after: RegisterView;
}

export interface StateDifference {
  readonly registers: readonly RegisterChange[];
  /** Offsets in RAM, ends not included, of pages in which something differs. */
  readonly pages: readonly { readonly start: number; readonly end: number }[];
}

export class SavedStates {
  readonly #states = new Map<string, Uint8Array>();

  get names(): readonly string[] {
    return [...this.#states.keys()];
  }

  clear(): void {
    this.#states.clear();
  }

  save(name: string, { machine }: OpenMachine): void {
    this.#states.set(name, machine.arena.snapshot());
  }

  restore(name: string, { machine }: OpenMachine): void {
    machine.arena.restore(this.#known(name));
    machine.cpu.flush();
  }

  /** `to`: another state, by default the machine as it is. */
  difference(
    open: OpenMachine,
    { from, to, linux }: { from: string; to?: string; linux: LinuxState },
  ): StateDifference {
    const before = this.#machineOf(open, from);
    const after = to === undefined ? open.machine : this.#machineOf(open, to);
    const registers = new Map(allRegisters(before, linux).map((view) => [view.id, view]));
    const changes = allRegisters(after, linux).flatMap((view) => {
      const old = registers.get(view.id);
      return old && old.value !== view.value ? [{ before: old, after: view }] : [];
    });
    return { registers: changes, pages: pagesThatDiffer(before, after) };
  }

  /** The same machine over a copy of the state: looked at, and never run. */
  #machineOf({ description }: OpenMachine, name: string): Machine {
    const state = this.#known(name);
    const buffer = new SharedArrayBuffer(Math.ceil(state.length / PAGE_SIZE) * PAGE_SIZE);
    new Uint8Array(buffer).set(state);
    return new Machine(description, Arena.attach(buffer));
  }

  #known(name: string): Uint8Array {
    const state = this.#states.get(name);
    if (state) return state;
    const known = this.names.length > 0 ? `there is ${this.names.join(", ")}` : "none is saved";
    throw new Error(`There is no state "${name}": ${known}.`);
  }
}

function allRegisters(machine: Machine, linux: LinuxState): readonly RegisterView[] {
  const ofFunction = ({ bars, config }: FunctionView) => [...bars.flatMap((bar) => bar.registers), ...config];
  return new Inspection(machine).functions(linux).flatMap(ofFunction);
}

function pagesThatDiffer(before: Machine, after: Machine): StateDifference["pages"] {
  const ranges: { start: number; end: number }[] = [];
  const [left, right] = [before, after].map(() => new Uint8Array(PAGE_SIZE)) as [Uint8Array, Uint8Array];
  for (let page = 0; page < before.ram.size / PAGE_SIZE; page++) {
    if (!before.ram.isWritten(page) && !after.ram.isWritten(page)) continue;
    const start = page * PAGE_SIZE;
    before.ram.copyOut(start, left);
    after.ram.copyOut(start, right);
    if (Buffer.compare(left, right) === 0) continue;
    const last = ranges.at(-1);
    if (last?.end === start) last.end += PAGE_SIZE;
    else ranges.push({ start, end: start + PAGE_SIZE });
  }
  return ranges;
}
