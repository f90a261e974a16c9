/** A fault to inject, as a person writes it: `edu read 3 timeout x2`. */
import type { FaultRule } from "../pci/fault-injection";
import type { Machine } from "./machine";
import { functionNamed } from "./register-names";

export type { FaultRule };

export const FAULT_ACCESSES = ["read", "write", "dma", "interrupt"] as const;
export const FAULT_ENDINGS = ["UR", "CA", "timeout", "poisoned", "remap"] as const;

/** The rule, or a sentence that says what is wrong. */
export function parseFault(machine: Machine, words: readonly string[]): FaultRule | string {
  const [device = "", access, nth = "", ...rest] = words;
  if (!functionNamed(machine, device)) return `This machine has no device ${device}.`;
  const known = FAULT_ACCESSES.find((it) => it === access);
  if (!known) return `Which accesses of ${device}? Write ${FAULT_ACCESSES.join(", ")}.`;
  if (!/^[1-9]\d*$/.test(nth)) return `Which ${known}? Write a number from 1.`;
  const fault = FAULT_ENDINGS.find((it) => rest.includes(it));
  const times = rest.map((word) => /^x([1-9]\d*)$/.exec(word)?.[1]).find(Boolean);
  const unknown = rest.find((word) => word !== fault && word !== `x${times}`);
  if (unknown !== undefined)
    return `Cannot read "${unknown}": write ${FAULT_ENDINGS.join(", ")}, or x3 for three times.`;
  return {
    function: device,
    access: known,
    nth: Number(nth),
    ...(times !== undefined && { times: Number(times) }),
    ...(fault && { fault }),
  };
}

/** `edu: read 3 ends with timeout` */
export function faultText({ function: device, access, nth, times = 1, fault }: FaultRule): string {
  const [which, s] =
    times === 1 ? [`${access} ${nth}`, "s"] : [`${access}s ${nth} to ${nth + times - 1}`, ""];
  const lost = access === "interrupt" || (access === "write" && fault === undefined);
  return `${device}: ${which} ${lost ? `get${s} lost` : `end${s} with ${fault ?? "UR"}`}`;
}
