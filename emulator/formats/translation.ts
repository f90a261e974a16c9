/** A translation as text: a line a hop, what was read on the way below it, and the other addresses of the same byte. */
import type { Alias, Hop, ReadOnTheWay, Translation } from "../machine/way-views";

export function formatTranslation({ hops, sentence, aliases }: Translation): string {
  return `${formatHops(hops)}${sentence}\n${formatAliases(aliases)}`;
}

export function formatHops(hops: readonly Hop[]): string {
  return hops.map(formatHop).join("");
}

function formatHop({ title, address, facts, kind, reads = [] }: Hop): string {
  const head = address ? `${title.padEnd(34)} ${address}` : title;
  const shown = kind === "dead" ? [] : facts.map(({ label, value }) => `    ${label}: ${value}\n`);
  // The facts of a page-table entry say already what was read, and those of a register too.
  const read = kind === "page-table" || kind === "register" ? [] : reads.map(formatRead);
  return `${head}\n${shown.join("")}${read.join("")}`;
}

function formatRead({ what, at, value, bits }: ReadOnTheWay): string {
  const set = bits.filter((it) => it.value !== "0x0");
  const names = set.map(({ name, value: is, bits: [msb, lsb] }) => (msb === lsb ? name : `${name} ${is}`));
  return `    ${what} at ${at}: ${value}${names.length ? ` (${names.join(", ")})` : ""}\n`;
}

function formatAliases(aliases: readonly Alias[]): string {
  if (aliases.length === 0) return "";
  const width = Math.max(...aliases.map(({ address }) => address.length));
  const lines = aliases.map(({ address, by }) => `    ${address.padEnd(width)}  ${by}\n`);
  return `The same byte is\n${lines.join("")}`;
}
