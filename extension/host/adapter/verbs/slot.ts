/** `slot`: cards in and out while the machine runs. */
import { SLOT_ACTS } from "../../../../emulator/machine/slots";
import { misused, type Verb } from "./verb";

export const slot: Verb = {
  usage: "slot DEVICE in|out|button",
  does: "puts a card in or takes it out, presses its button; also link-down, link-up",
  words: ({ machine }, before) =>
    before.length === 0 ? machine.devices.map(({ function: fn }) => fn.name) : SLOT_ACTS,
  async run({ machine, bench }, [device = "", word]) {
    const act = SLOT_ACTS.find((it) => it === word);
    if (!act) throw misused(slot);
    await bench.operate({ do: "slot", act, device });
    const fn = machine.devices.find((it) => it.function.name === device)?.function;
    return `${device} ${fn?.answers ? "answers" : "does not answer"}`;
  },
};
