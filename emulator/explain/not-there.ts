/** A function that does not answer at all: no card, no power, no link (PCIe Base Specification 6.7, 7.5.3). */
import type { Mend } from "../machine/way-views";
import { Bridge } from "../pci/bridge";
import type { PciFunction } from "../pci/function";
import { type Cause, decider, decides, setField } from "./cause";

/** The bits of the port above that say why, in the order of what to look at first. */
const SIGNS = [
  { register: "EXP_LNKCTL", field: "LD", gone: 1, name: "Link Disable", wants: "0" },
  { register: "EXP_SLTCTL", field: "PCC", gone: 1, name: "Power Controller Control", wants: "0" },
  { register: "EXP_SLTSTA", field: "PDS", gone: 0, name: "Presence Detect State", wants: "1" },
] as const;

export function notThere(fn: PciFunction): Cause {
  const port = fn.place?.bus.bridge;
  const sign = port instanceof Bridge ? signAt(port) : undefined;
  const all = `${fn.name} is not there any more: whatever is read of it is all ones, its Vendor ID too`;
  const notes = [
    "A register that really holds all ones is told apart by Vendor ID: 0xffff is no vendor. Linux calls such a function `Unknown header type 7f`, lspci `rev ff`.",
  ];
  if (!sign || !(port instanceof Bridge))
    return { why: `${all}; no register above it says why`, notes, mends: [PLUG] };
  return {
    why: `${all}; ${decides(sign.name, sign.decider)}`,
    decides: sign.decider,
    mends: sign.mends,
    notes,
  };
}

const PLUG: Mend = {
  sentence: "Plug the card in, or bring its link up; then boot again or rescan, for what it held is lost",
};

function signAt(port: Bridge) {
  for (const { register, field, gone, name, wants } of SIGNS) {
    const declared = port.config.map[register]?.fields?.[field];
    const lsb = typeof declared?.bits === "number" ? declared.bits : undefined;
    if (lsb === undefined || ((port.config.value(register) >>> lsb) & 1) !== gone) continue;
    if (register === "EXP_SLTSTA" && !port.slot) continue;
    const sentence = `${name} of ${port.name}: write ${wants}, then boot again or rescan, for what the card held is lost`;
    const mends =
      register === "EXP_SLTSTA"
        ? [PLUG]
        : [setField(port, register, { field, value: Number(wants), sentence })];
    return { name, decider: decider(port, register, { field, wants }), mends };
  }
  return undefined;
}
