/** Where an address goes, hop by hop, and every other address of the byte that it reaches. */
import { hex } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import { bdfOf } from "../machine/watch-target";
import type { Alias, Translation } from "../machine/way-views";
import { type ParsedAddress, parseAddress } from "./address-text";
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
    aliases: target ? withOwn(parsed, aliasesOf(machine, target)) : [],
  };
}

/** What only one function sees, a peer's registers or its own IOVA, nobody finds backwards. */
function withOwn(parsed: ParsedAddress, found: readonly Alias[]): readonly Alias[] {
  if ((parsed.kind !== "bus" && parsed.kind !== "iova") || !parsed.of) return found;
  const address = `${parsed.kind}@${bdfOf(parsed.of)}:${hex(parsed.address)}`;
  const known = found.some((it) => it.address === address || it.address === `bus:${hex(parsed.address)}`);
  return known ? found : [...found, { space: parsed.kind, address, by: `DMA of ${parsed.of.name}` }];
}
