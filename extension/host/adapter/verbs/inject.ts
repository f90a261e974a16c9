/** `inject`: faults on demand, for a driver's error paths. */
import type { Fault, FaultRule } from "../../../../emulator/pci/fault-injection";
import type { Control } from "../../control";
import { misused, type Verb } from "./verb";

const ACCESSES = ["read", "write", "dma", "interrupt"] as const;
const FAULTS = ["UR", "CA", "timeout", "poisoned"] as const;

export const inject: Verb = {
  usage: "inject [DEVICE read|write|dma|interrupt NTH [UR|CA|timeout|poisoned] [xTIMES] | clear]",
  does: "lets the NTH such access from now on end badly; kept for the next runs",
  words: (control, before) =>
    [[...names(control), "clear"], before[0] === "clear" ? [] : ACCESSES, [], FAULTS][before.length] ?? [],
  async run(control, words) {
    if (words.length === 0) return listed(control.bench.faults);
    if (words[0] !== "clear") await control.bench.inject([...control.bench.faults, ruleOf(words, control)]);
    else await control.bench.inject([]);
    return listed(control.bench.faults);
  },
};

function names({ machine }: Control): readonly string[] {
  return machine.devices.map(({ function: fn }) => fn.name);
}

/** Throws a sentence. */
function ruleOf([device = "", access, nth, ...rest]: readonly string[], control: Control): FaultRule {
  if (!names(control).includes(device)) throw new Error(`This machine has no device ${device}.`);
  const known = ACCESSES.find((it) => it === access);
  if (!known || !/^[1-9]\d*$/.test(nth ?? "")) throw misused(inject);
  const times = rest.map((word) => /^x([1-9]\d*)$/.exec(word)?.[1]).find(Boolean);
  const fault = FAULTS.find((it) => rest.includes(it));
  if (rest.length > Number(times !== undefined) + Number(fault !== undefined)) throw misused(inject);
  return {
    function: device,
    access: known,
    nth: Number(nth),
    ...(times !== undefined && { times: Number(times) }),
    ...(fault && { fault }),
  };
}

function listed(rules: readonly FaultRule[]): string {
  if (rules.length === 0) return "No faults are injected: inject edu read 3 timeout";
  return rules.map(text).join("\n");
}

function text({ function: device, access, nth, times = 1, fault }: FaultRule): string {
  const which = times === 1 ? `${access} ${nth}` : `${access}s ${nth} to ${nth + times - 1}`;
  return `${device}: ${which} ${ending(access, fault)}`;
}

function ending(access: FaultRule["access"], fault: Fault | undefined): string {
  const lost = access === "interrupt" || (access === "write" && fault === undefined);
  return lost ? "get lost" : `end with ${fault ?? "UR"}`;
}
