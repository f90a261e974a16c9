/** Where an address goes, hop by hop, and every other address of the byte that it reaches. */
import type { Hardware } from "../machine/hardware";
import type { Translation } from "../machine/views";
import { parseAddress } from "./address-text";
import { aliasesOf } from "./aliases";
import { targetName } from "./ending";
import { SPACE_OF, walk } from "./walk";

/** Throws `AddressError` for text that is no address and no register. */
export function translate(machine: Hardware, text: string): Translation {
  const input = text.trim();
  const parsed = parseAddress(machine, input);
  const { target, hops, end, sentence } = walk(machine, parsed, { input });
  return {
    input,
    space: SPACE_OF[parsed.kind],
    hops,
    end,
    sentence,
    ...(target && { target: targetName(target) }),
    aliases: target ? aliasesOf(machine, target) : [],
  };
}
