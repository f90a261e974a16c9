/** A header that a driver imports and that is not here: the one that was meant, or where to see those that are. */

/** How many letters are to be added, taken or exchanged (Levenshtein). */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const row = [i + 1];
    for (const [j, other] of [...b].entries())
      row.push(
        Math.min((above[j] ?? 0) + (letter === other ? 0 : 1), (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1),
      );
    above = row;
  }
  return above.at(-1) ?? 0;
}

/** More is another word. */
const SLIPS = 2;

/** `linux/pci` for `linux/pci_regs`, `linux/delay` for `linux/dealy`. */
function nearest(name: string, headers: readonly string[]): string | undefined {
  const longer = headers.filter((header) => name.startsWith(`${header}_`) || name.startsWith(`${header}-`));
  const [near] = headers
    .map((header) => ({ header, slips: distance(name, header) }))
    .filter(({ header, slips }) => slips <= SLIPS && slips < (header.length - "linux/".length) / 2)
    .toSorted((a, b) => a.slips - b.slips);
  return near?.header ?? longer.toSorted((a, b) => b.length - a.length)[0];
}

export function missingHeader(name: string, headers: readonly string[]): string {
  const near = nearest(name, headers);
  const mend =
    near === undefined
      ? `completion after "linux/ lists the ${headers.length} that are`
      : `the nearest is ${near}`;
  return `imports "${name}", which is not here yet; ${mend}.`;
}
