/** A translation as text: a line a hop, what was read on the way below it. */
import type { Hop, Translation } from "../machine/views";

export function formatTranslation({ hops, sentence }: Translation): string {
  return `${hops.map(formatHop).join("")}${sentence}\n`;
}

function formatHop({ title, address, facts, kind }: Hop): string {
  const head = address ? `${title.padEnd(34)} ${address}` : title;
  const shown = kind === "dead" ? [] : facts.map(({ label, value }) => `    ${label}: ${value}\n`);
  return `${head}\n${shown.join("")}`;
}
