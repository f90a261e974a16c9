/** Writing a register from the panel and the trees: over the bus, or past it. */
import type { Touch } from "../emulator/machine/touch";
import type { Hex } from "../emulator/machine/views";
import { sentenceOf } from "./plain-text";

interface Machine {
  touch(wish: Touch): Promise<Hex>;
}

interface Wish {
  readonly verb: "write" | "poke";
  /** `edu.STATUS`, or a field: `edu.STATUS.IRQFACT`. */
  readonly register: string;
  readonly value: string;
}

const ways = { write: "written over the bus", poke: "poked past the bus" } as const;

/** How it ended, in a sentence: what is there now, or why nothing was written. */
export async function writeRegister(
  machine: Machine,
  { verb, register, value }: Wish,
): Promise<{ readonly sentence: string; readonly failed: boolean }> {
  try {
    const now = await machine.touch({ verb, at: register, value: value as Hex });
    return { sentence: `${value} was ${ways[verb]} to ${register}, which now holds ${now}.`, failed: false };
  } catch (error) {
    return { sentence: sentenceOf(error), failed: true };
  }
}
