/** `rd`, `wr`, `peek`, `poke`: a person's own accesses. */
import type { Bytes } from "../../../../emulator/machine/outside-access";
import type { Touch } from "../../../../emulator/machine/touch";
import type { Hex } from "../../../../emulator/machine/views";
import { misused, type Verb } from "./verb";

const WIDTHS: Readonly<Record<string, Bytes>> = { "8": 1, "16": 2, "32": 4, "64": 8 };

function toucher(name: string, { verb, does }: { verb: Touch["verb"]; does: string }): Verb {
  const writes = verb === "write" || verb === "poke";
  return {
    usage: `${name} ADDRESS${writes ? " VALUE" : ""} [8|16|32|64]`,
    does,
    takesAddress: true,
    async run(control, words) {
      const [at, ...rest] = words;
      const [value, width] = writes ? rest : [undefined, rest[0]];
      if (at === undefined || (writes && value === undefined)) throw misused(this);
      const bytes = width === undefined ? undefined : WIDTHS[width];
      if (width !== undefined && !bytes) throw new Error(`"${width}" is no width: write 8, 16, 32 or 64.`);
      return control.touch({
        verb,
        at,
        ...(bytes && { bytes }),
        ...(value !== undefined && { value: value as Hex }),
      });
    },
  };
}

export const accessVerbs: Readonly<Record<string, Verb>> = {
  rd: toucher("rd", { verb: "read", does: "reads over the bus, with what that does to the device" }),
  wr: toucher("wr", { verb: "write", does: "writes over the bus, as the driver would" }),
  peek: toucher("peek", { verb: "peek", does: "looks, and changes nothing" }),
  poke: toucher("poke", { verb: "poke", does: "stores past every rule: the device does not notice" }),
};
