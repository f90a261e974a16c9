/** `explain`: why an access fails, and what mends it; without an address, the last one that failed. */
import { formatExplanation } from "../../../../emulator/formats/explanation";
import type { Verb } from "./verb";

export const explain: Verb = {
  usage: "explain [ADDRESS [write]]",
  does: "why an access fails and what mends it; without an address, the last that failed",
  takesAddress: true,
  run(control, [address, access]) {
    const explanation = control.explain({
      ...(address !== undefined && { address }),
      write: access === "write",
    });
    return explanation
      ? formatExplanation(explanation)
      : "No access has failed yet: name an address, as in explain edu.STATUS, or an interrupt, explain edu.interrupt";
  },
};
