/** What a watchpoint says: `write edu.STATUS 0x0 → 0x80 (IRQFACT 0x0 → 0x1)`. */
import { hex } from "../core/hex";
import { extract, type Register } from "../core/register-map";
import type { Hardware } from "./hardware";
import { findAt } from "./watch-target";
import type { Seen } from "./watchpoint";

interface Text {
  readonly target: string;
  readonly text: string;
}

/** An access that is about to take effect. */
export function hitText(machine: Hardware, seen: Seen): Text {
  const found = findAt(machine, seen.space, seen.at);
  const { text: target } = found;
  const [old, by] = [hex(seen.old), seen.by === undefined ? "" : `DMA of ${seen.by}: `];
  if (seen.value === undefined) return { target, text: `${by}read ${target} = ${old}` };
  return { target, text: `${by}write ${target} ${old} → ${hex(seen.value)}${fields(found, seen)}` };
}

/** What a device has done since the last access. */
export function changeText(machine: Hardware, seen: Seen): Text {
  const found = findAt(machine, seen.space, seen.at);
  const { text: target } = found;
  const values = `${hex(seen.old)} → ${hex(seen.value ?? seen.old)}${fields(found, seen)}`;
  return { target, text: `${target} was changed by the device: ${values}, seen at the access` };
}

/** The fields that differ, for an access that lies within its register. */
function fields({ register, inside = 0 }: { register?: Register; inside?: number }, seen: Seen): string {
  if (!register?.fields || seen.value === undefined || inside + seen.bytes > register.width / 8) return "";
  const [old, value] = [seen.old << BigInt(inside * 8), seen.value << BigInt(inside * 8)];
  const reached = ((1n << BigInt(seen.bytes * 8)) - 1n) << BigInt(inside * 8);
  const changed = Object.entries(register.fields).flatMap(([name, field]) => {
    const [before, after] = [extract(old & reached, field), extract(value & reached, field)];
    return before === after ? [] : [`${name} ${hex(before)} → ${hex(after)}`];
  });
  return changed.length === 0 ? "" : ` (${changed.join(", ")})`;
}
