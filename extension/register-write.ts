/** Writing a register from the panel and the trees: over the bus, or past it. */
import type { Touch } from "../emulator/machine/touch";
import type { Hex } from "../emulator/machine/views";
import { t } from "./l10n";
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

/** How it ended, in a sentence: what is there now, or why nothing was written. */
export async function writeRegister(
  machine: Machine,
  { verb, register, value }: Wish,
): Promise<{ readonly sentence: string; readonly failed: boolean }> {
  try {
    const now = await machine.touch({ verb, at: register, value: value as Hex });
    return {
      sentence:
        verb === "write"
          ? t("{0} was written over the bus to {1}, which now holds {2}.", value, register, now)
          : t("{0} was poked past the bus into {1}.", value, register),
      failed: false,
    };
  } catch (error) {
    return { sentence: sentenceOf(error), failed: true };
  }
}
