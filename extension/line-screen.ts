/** How a line behind its prompt comes onto a terminal's screen, which may break it into rows. */

/** Where the cursor was left: rows below the prompt's. */
export interface Shown {
  readonly row: number;
}

interface Line {
  /** It may hold sequences that colour it. */
  readonly prompt: string;
  readonly text: string;
  readonly cursor: number;
}

const ESC = "\x1b";
const COLOUR = new RegExp(`${ESC}\\[[0-9;]*m`, "g");
const up = (rows: number): string => (rows > 0 ? `\x1b[${rows}A` : "");
const right = (columns: number): string => (columns > 0 ? `\x1b[${columns}C` : "");

/** Everything is drawn again, from the prompt on. */
export function screen(
  before: Shown,
  { prompt, text, cursor }: Line,
  columns: number,
): { readonly output: string; readonly shown: Shown } {
  const start = prompt.replace(COLOUR, "").length;
  const end = start + text.length;
  const row = Math.floor((start + cursor) / columns);
  const lastRow = Math.floor(end / columns);
  // A full row leaves a terminal's cursor on it until the next character.
  const wrapped = end > 0 && end % columns === 0 ? "\r\n" : "";
  const output = `${up(before.row)}\r\x1b[J${prompt}${text}${wrapped}${up(lastRow - row)}\r${right((start + cursor) % columns)}`;
  return { output, shown: { row } };
}

/** What all of them begin with. */
export function common(choices: readonly string[]): string {
  const [first = "", ...rest] = choices;
  let length = first.length;
  for (const choice of rest) while (!choice.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}
