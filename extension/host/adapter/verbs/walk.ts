/** `walk`: the page tables' part of a translation, entry by entry. */
import { formatTranslation } from "../../../../emulator/formats/translation";
import { misused, type Verb } from "./verb";

const OF_THE_WALK = new Set(["virtual", "page-table", "dead"]);

export const walk: Verb = {
  usage: "walk ADDRESS",
  does: "the page tables of a virtual address, entry by entry",
  takesAddress: true,
  run(control, [address]) {
    if (address === undefined) throw misused(this);
    const whole = control.translate(address.includes(":") ? address : `virt:${address}`);
    const hops = whole.hops.filter(({ kind }) => OF_THE_WALK.has(kind));
    const found = whole.hops.find(({ kind }) => kind === "physical")?.address;
    const sentence = found === undefined ? whole.sentence : `${address} is ${found} in physical memory`;
    return formatTranslation({ ...whole, hops, sentence, aliases: [] });
  },
};
