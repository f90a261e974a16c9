/** A machine on the bench: booted, with its access path by physical address. */

import type * as Io from "linux/io";
import { Arena } from "../../emulator/core/arena";
import { Kernel } from "../../emulator/linux/kernel";
import { linuxModules } from "../../emulator/linux/modules";
import { builtIn, q35 } from "../../emulator/machine/built-in";
import type { FunctionDescription, MachineDescription } from "../../emulator/machine/description";
import { Inspection } from "../../emulator/machine/inspect";
import { Machine } from "../../emulator/machine/machine";
import type { PciFunction } from "../../emulator/pci/function";

const ARENA_BYTES = 1 << 26;

export interface Bench {
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly inspection: Inspection;
  readonly io: typeof Io;
}

export function description(name: string): MachineDescription {
  const found = builtIn.get(name);
  if (!found) throw new RangeError(`There is no machine ${name}`);
  return found;
}

export function booted(machineOrName: MachineDescription | string = "demo"): Bench {
  const wanted = typeof machineOrName === "string" ? description(machineOrName) : machineOrName;
  const machine = new Machine(wanted, Arena.create(ARENA_BYTES));
  const kernel = new Kernel(machine);
  kernel.boot();
  const io = linuxModules(kernel).get("linux/io") as unknown as typeof Io;
  return { machine, kernel, inspection: new Inspection(machine), io };
}

/** The command bits that `pci_enable_device` and `pci_set_master` would set. */
export function enable({ kernel }: Bench, name: string): void {
  const fn = kernel.machine.root.functions.find((it) => it.name === name);
  fn?.configWrite(4, { width: 2, value: 7 });
}

/** A Q35 with these on its root bus, booted, every function enabled. */
export function wired(...functions: readonly FunctionDescription[]): Bench {
  const hostBridge = { at: "00.0", device: "host-bridge" };
  const made = booted({ ...q35, name: "wired", title: "", functions: [hostBridge, ...functions] });
  for (const fn of made.machine.root.functions) enable(made, fn.name);
  return made;
}

export function functionOf({ machine }: Bench, name: string): PciFunction {
  const found = machine.root.functions.find((fn) => fn.name === name);
  if (!found) throw new RangeError(`There is no ${name}`);
  return found;
}

/** Maps a register bank or memory of a device: what `pci_iomap` returns. */
export function iomap({ kernel, io }: Bench, name: string, bar = 0): Io.IoMem {
  const fn = kernel.machine.root.functions.find((it) => it.name === name);
  const base = fn?.bars.find(({ index }) => index === bar)?.base ?? 0n;
  const mapped = io.ioremap(Number(base), fn?.bars.find(({ index }) => index === bar)?.size ?? 0);
  if (!mapped) throw new RangeError(`Cannot map BAR ${bar} of ${name}`);
  return mapped;
}

export type Random = () => number;

/** A repeatable sequence of 32-bit numbers (xorshift). */
export function sequence(seed: number): Random {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
