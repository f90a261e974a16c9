/** A machine that was opened, and what looks into it. */
import { Arena } from "../../emulator/core/arena";
import type { PciNames } from "../../emulator/formats/pci-names";
import type { MachineDescription } from "../../emulator/machine/description";
import { Inspection } from "../../emulator/machine/inspect";
import { Machine } from "../../emulator/machine/machine";
import { describeMachine } from "./machine-file";

export interface Open {
  /** As the caller named it: a built-in name or a path. */
  readonly wanted: string;
  readonly description: MachineDescription;
  readonly machine: Machine;
  readonly inspection: Inspection;
}

interface Around {
  readonly names: PciNames;
  /** The machine that stood here. */
  readonly before: Open | undefined;
}

/** Throws MachineProblem. The analyser goes on recording at whatever machine stands here. */
export function openedMachine(wanted: string, { names, before }: Around): Open {
  const description = describeMachine(wanted);
  const machine = new Machine(description, Arena.create());
  machine.root.fabric.trace.on = before?.machine.root.fabric.trace.on ?? false;
  return { wanted, description, machine, inspection: new Inspection(machine, names) };
}

/** Differs when anything that a view shows is different; `more`: what is not in the arena. */
export function fingerprint({ machine, inspection }: Open, more: readonly unknown[]): string {
  return [inspection.stateDigest(), machine.clock.now, ...more].join();
}
