/**
 * The status bits that a failing request of the CPU will set: the fabric's own rules, played on copies of the functions
 * that they concern (PCIe Base Specification 6.2.3.2.4, 6.2.5).
 */
import { bitRange } from "../core/register-map";
import type { StatusBit } from "../machine/way-views";
import { masterAborts, noteFailure } from "../pci/failed-request";
import { FAULT_ERRORS } from "../pci/fault-injection";
import type { FunctionSide } from "../pci/place";
import type { Ended } from "./cause";
import { type Reported, Troupe } from "./understudy";

export interface Rehearsed {
  readonly bits: readonly StatusBit[];
  /** What arrived at a root port. */
  readonly reported: readonly (Reported & { readonly port: FunctionSide })[];
}

const STATUS = /STATUS$|^EXP_DEVSTA$/;

export function rehearse(ended: Ended, write: boolean): Rehearsed {
  const troupe = new Troupe();
  play(troupe, ended, write);
  const bits = troupe.members.flatMap(({ of: fn, copy }) => risen(fn, copy));
  const reported = troupe.reported.flatMap((message) => {
    const port = troupe.members.find(({ of: fn }) => fn.name === message.at)?.of;
    return port ? [{ ...message, port }] : [];
  });
  return { bits, reported };
}

function play(troupe: Troupe, { status, completer, port, silent }: Ended, write: boolean): void {
  if (silent && !masterAborts(troupe.of(silent))) return;
  if (status === "SC" || status === "CRS") return;
  const parts = { status, error: FAULT_ERRORS[status], write };
  noteFailure({ ...parts, completer: troupe.of(completer), port: troupe.of(port) });
}

/** Bits of status registers that the play has set. */
function risen(fn: FunctionSide, copy: FunctionSide): readonly StatusBit[] {
  return Object.entries(fn.config.map)
    .filter(([name]) => STATUS.test(name))
    .flatMap(([name, { fields = {} }]) => {
      const rose = copy.config.get(name) & ~fn.config.get(name);
      return Object.entries(fields)
        .filter(([, field]) => (rose >> BigInt(bitRange(field)[1])) & 1n)
        .map(([field, { doc }]) => ({ id: `${fn.name}.config.${name}.${field}`, doc }));
    });
}
