/** `inject`: faults on demand, for a driver's error paths. */
import {
  FAULT_ACCESSES,
  FAULT_ENDINGS,
  type FaultRule,
  faultText,
  parseFault,
} from "../../../../emulator/machine/fault-text";
import type { Verb } from "./verb";

export const inject: Verb = {
  usage: "inject [DEVICE read|write|dma|interrupt NTH [UR|CA|timeout|poisoned] [xTIMES] | clear]",
  does: "lets the NTH such access from now on end badly; kept for the next runs",
  words: ({ machine }, before) =>
    [
      [...machine.devices.map(({ function: fn }) => fn.name), "clear"],
      before[0] === "clear" ? [] : FAULT_ACCESSES,
      [],
      FAULT_ENDINGS,
    ][before.length] ?? [],
  async run({ machine, bench }, words) {
    if (words.length === 0) return listed(bench.faults);
    const rule = words[0] === "clear" ? undefined : parseFault(machine, words);
    if (typeof rule === "string") throw new Error(rule);
    await bench.inject(rule ? [...bench.faults, rule] : []);
    return listed(bench.faults);
  },
};

function listed(rules: readonly FaultRule[]): string {
  if (rules.length === 0) return "No faults are injected: inject edu read 3 timeout";
  return rules.map(faultText).join("\n");
}
