/** Why a register does not take an access, as its bank decides (core/register-bank.ts). */
import type { Found } from "./watch-target";

/** A sentence; undefined for an access that is taken. */
export function refusalOf(bytes: number, { text, register, inside = 0 }: Found): string | undefined {
  if (!register)
    return `${text} holds no register, so the device does not complete the access: a read is all ones`;
  const own = register.width / 8;
  const accepted = register.accepts ?? (own === 8 ? [4, 8] : [own]);
  const aligned = register.accepts || own !== 8 || bytes === 8 ? inside === 0 : inside % 4 === 0;
  if (aligned && accepted.some((width) => width === bytes)) return undefined;
  const widths = accepted.map((width) => `${width * 8}`).join(" or ");
  return `${text} takes accesses of ${widths} bits at its start, and this one has ${bytes * 8}: a read is all ones, a write is lost`;
}
