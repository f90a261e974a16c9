/** What a careless firmware leaves: some of Linux's own addresses, some moved, some shrunk, some at random, some not at all. */
import { Arena } from "../../emulator/core/arena";
import { Kernel } from "../../emulator/linux/kernel";
import type { Resource } from "../../emulator/linux/resource";
import type { FunctionDescription, MachineDescription } from "../../emulator/machine/description";
import { Machine } from "../../emulator/machine/machine";
import type { Random } from "./random-topology";

const NOTHING = line(0, 0);
const MIB = 2 ** 20;

function line(start: number, end: number): string {
  return [start, end, 0].map((value) => `0x${value.toString(16).padStart(16, "0")}`).join(" ");
}

/** One resource as this firmware has it. */
function left(next: Random, resource: Resource | undefined): string {
  if (!resource || resource.size <= 0) return NOTHING;
  const { start, end, size } = resource;
  switch (next() % 8) {
    case 0:
      return NOTHING;
    case 1:
      return line(start + MIB, end + MIB);
    case 2:
      return line(start, start + Math.floor(size / 2));
    case 3: {
      const elsewhere = 0x4000_0000 + (next() % 0x600) * MIB;
      return line(elsewhere, elsewhere + size - 1);
    }
    default:
      return line(start, end);
  }
}

/** The same machine as it comes out of its firmware. */
export function withFirmware(description: MachineDescription, next: Random): MachineDescription {
  const machine = new Machine(description, Arena.create(1 << 25));
  const kernel = new Kernel(machine);
  kernel.boot("scratch");
  const firmware = new Map<FunctionDescription, readonly string[]>();
  for (const dev of kernel.devices) {
    const fn = machine.root.functionAt(dev.bdf);
    const described = fn && machine.described.get(fn);
    const count = dev.isBridge ? 17 : 7;
    // A little more than half of the functions were looked at by firmware.
    if (described && next() % 5 > 1)
      firmware.set(
        described,
        Array.from({ length: count }, (_, index) => left(next, dev.resource[index])),
      );
  }
  const changed = (functions: readonly FunctionDescription[]): FunctionDescription[] =>
    functions.map((fn) => ({
      ...fn,
      ...(firmware.has(fn) && { firmware: firmware.get(fn) ?? [] }),
      config: decoding(next, fn.config ?? ""),
      ...(fn.below && { below: changed(fn.below) }),
    }));
  return { ...description, functions: changed(description.functions) };
}

/** Firmware has switched some on. */
function decoding(next: Random, config: string): string {
  const command = (next() % 4).toString(16).padStart(2, "0");
  return `${config.slice(0, 8)}${command}${config.slice(10)}`;
}
