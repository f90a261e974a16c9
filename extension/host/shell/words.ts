/** A line of the terminal as a shell reads it: words, quotes, and filters behind `|`. */

export type Words = readonly string[];

const NOT_HERE: Readonly<Record<string, string>> = {
  ">": "Nothing is written to files here: copy the text from the terminal",
  "<": "Nothing is read from files here",
  "&": "One command at a time",
  ";": "One command at a time",
  "`": "There are no substitutions here",
};

const TOKEN = /\s*(?:(\|)|([><&;`])|((?:\\.|"[^"]*"|'[^']*'|[^\s|><&;`"'\\])+)|(["'\\]))/gy;
const PIECE = /\\(.)|"([^"]*)"|'([^']*)'/g;

const plain = (word: string): string =>
  word.replace(
    PIECE,
    (_, escaped?: string, double?: string, single?: string) => escaped ?? double ?? single ?? "",
  );

/** The command, then the filters. Throws a sentence for what is no command here. */
export function stagesOf(line: string): readonly Words[] {
  const stages: string[][] = [[]];
  for (const [, pipe, sign, word, open] of line.trimEnd().matchAll(TOKEN)) {
    if (pipe !== undefined) stages.push([]);
    else if (word !== undefined) stages.at(-1)?.push(plain(word));
    else if (sign !== undefined) throw new Error(`${NOT_HERE[sign] ?? "That cannot be done here"}.`);
    else if (open !== undefined) throw new Error(`Close what ${open} opens.`);
  }
  if (stages.length > 1 && stages.some((stage) => stage.length === 0))
    throw new Error("A command stands on either side of |.");
  return stages;
}
