/** A machine, booted as somebody wishes: by a policy, with something changed. */
import { Arena } from "../../emulator/core/arena";
import { type AssignPolicy, Kernel } from "../../emulator/linux/kernel";
import type { MachineDescription } from "../../emulator/machine/description";
import { Machine } from "../../emulator/machine/machine";
import { WhatIfError, whatIf } from "../../emulator/machine/what-if";
import { describeMachine, MachineProblem } from "./machine-file";

/** A machine, and how it is booted. */
export interface Side {
  /** A built-in name or the path of a machine file. */
  readonly machine: string;
  /** By default `as-is` for an imported machine, `scratch` for others. */
  readonly assign?: AssignPolicy | undefined;
  /** `no-above-4g`, `edu.BAR0=256M`, `realloc`. */
  readonly whatIf?: readonly string[];
}

interface Booted {
  readonly machine: Machine;
  readonly kernel: Kernel;
}

/** With `record`, each decision is kept. Throws `MachineProblem`. */
export function bootSide(
  { machine: name, assign, whatIf: wishes = [] }: Side,
  { record = false }: { readonly record?: boolean } = {},
): Booted {
  const machine = new Machine(changed(name, wishes), Arena.create());
  const kernel = new Kernel(machine, { record });
  // What Linux had is no answer to a question that begins with "if".
  kernel.boot(assign ?? (wishes.length ? "scratch" : undefined));
  return { machine, kernel };
}

function changed(machine: string, wishes: readonly string[]): MachineDescription {
  try {
    return whatIf(describeMachine(machine), wishes);
  } catch (error) {
    if (error instanceof WhatIfError) throw new MachineProblem(`${error.message}.`);
    throw error;
  }
}

/** `demo (scratch, realloc)` */
export function titleOf({ machine, assign, whatIf: wishes = [] }: Side): string {
  const how = [...(assign ? [assign] : []), ...wishes].join(", ");
  return how ? `${machine} (${how})` : machine;
}
