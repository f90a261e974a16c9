/** `posting`: how long writes may be on their way. */
import { POSTING_MODES } from "../../../../emulator/machine/posting";
import { misused, type Verb } from "./verb";

export const posting: Verb = {
  usage: "posting [MODE [SEED]]",
  does: "prompt: writes arrive at once; adversarial: as late as anything allows; random: at seeded times",
  words: (_, before) => (before.length === 0 ? POSTING_MODES : []),
  async run({ machine, bench }, [word, seed]) {
    const mode = POSTING_MODES.find((it) => it === (word ?? machine.root.fabric.posted.mode));
    if (!mode || (seed !== undefined && !/^[0-9]+$/.test(seed))) throw misused(posting);
    if (word !== undefined) await bench.post({ mode, ...(seed !== undefined && { seed: Number(seed) }) });
    return `Posted writes: ${mode}`;
  },
};
