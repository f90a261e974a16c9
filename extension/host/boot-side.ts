/** A machine, booted as somebody wishes: by a policy, with something changed. */
import { basename } from "node:path";
import { Arena } from "../../emulator/core/arena";
import { type AssignPolicy, Kernel } from "../../emulator/linux/kernel";
import type { FunctionDescription, MachineDescription } from "../../emulator/machine/description";
import { Machine } from "../../emulator/machine/machine";
import { WhatIfError, whatIf } from "../../emulator/machine/what-if";
import { describeMachine, MachineProblem } from "./machine-file";

/** A machine, and how it is booted. */
export interface Side {
  /** A built-in name or the path of a machine file. */
  readonly machine: string;
  /** By default what the machine says; `as-is` for an imported one. */
  readonly assign?: AssignPolicy | undefined;
  /** Of an imported machine: not what Linux had, but what it would decide now, after the firmware that is known. */
  readonly decide?: true | undefined;
  /** `no-above-4g`, `edu.BAR0=256M`, `realloc`. */
  readonly whatIf?: readonly string[];
}

interface Booted {
  readonly machine: Machine;
  readonly kernel: Kernel;
}

/** With `record`, each decision is kept. Throws `MachineProblem`. */
export function bootSide(
  { machine: name, assign, decide, whatIf: wishes = [] }: Side,
  { record = false }: { readonly record?: boolean } = {},
): Booted {
  const description = changed(name, wishes);
  const machine = new Machine(description, Arena.create());
  const kernel = new Kernel(machine, { record });
  // What Linux had is no answer to "if" and "why".
  const decides = decide ?? (record || wishes.length > 0);
  kernel.boot(assign ?? (decides ? deciding(description) : undefined));
  return { machine, kernel };
}

function deciding({ boot, functions, hostBridges = [] }: MachineDescription): AssignPolicy {
  const all = [...functions, ...hostBridges.flatMap((it) => it.functions)];
  return boot ?? (all.some(hasFirmware) ? "firmware" : "scratch");
}

function hasFirmware({ firmware, below = [] }: FunctionDescription): boolean {
  return firmware !== undefined || below.some(hasFirmware);
}

function changed(machine: string, wishes: readonly string[]): MachineDescription {
  try {
    return whatIf(describeMachine(machine), wishes);
  } catch (error) {
    if (error instanceof WhatIfError) throw new MachineProblem(`${error.message}.`);
    throw error;
  }
}

/** `demo (scratch, realloc)`, of a file its name. */
export function titleOf({ machine, assign, whatIf: wishes = [] }: Side): string {
  const how = [...(assign ? [assign] : []), ...wishes].join(", ");
  const name = basename(machine);
  return how ? `${name} (${how})` : name;
}
