/** What may follow a `|`: text in, text out. */
import type { Words } from "./words";

type Lines = readonly string[];
type Filter = (lines: Lines, words: Words) => Lines;

const LINES = 10;

/** `-5`, `-n 5` or `-n5`. */
function countIn(words: Words): number {
  const [, count] = /^-(?:n ?)?(\d+)$/.exec(words.join(" ")) ?? [];
  if (words.length > 0 && count === undefined)
    throw new Error(`"${words.join(" ")}" is no number of lines: write -n ${LINES}.`);
  return count === undefined ? LINES : Number(count);
}

function grep(lines: Lines, words: Words): Lines {
  const flags = words.filter((word) => word.startsWith("-")).join("");
  const [pattern, ...rest] = words.filter((word) => !word.startsWith("-"));
  if (pattern === undefined || rest.length > 0 || /[^-ivnEcF]/.test(flags))
    throw new Error("Write grep [-i] [-v] [-n] [-c] [-F] PATTERN.");
  const matches = matcher(pattern, flags);
  const found = lines
    .map((text, index) => ({ text, number: index + 1 }))
    .filter(({ text }) => matches.test(text) !== flags.includes("v"));
  if (flags.includes("c")) return [`${found.length}`];
  return found.map(({ text, number }) => (flags.includes("n") ? `${number}:${text}` : text));
}

function matcher(pattern: string, flags: string): RegExp {
  const source = flags.includes("F") ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") : pattern;
  try {
    return new RegExp(source, flags.includes("i") ? "i" : "");
  } catch {
    throw new Error(`"${pattern}" is no pattern: grep -F takes it as it stands.`);
  }
}

function wc(lines: Lines, words: Words): Lines {
  if (words.join(" ") !== "-l") throw new Error("Only lines are counted here: wc -l.");
  return [`${lines.length}`];
}

const FILTERS: Readonly<Record<string, Filter>> = {
  grep,
  head: (lines, words) => lines.slice(0, countIn(words)),
  tail: (lines, words) => lines.slice(-countIn(words) || lines.length),
  wc,
  less: (lines) => lines,
  more: (lines) => lines,
  cat: (lines) => lines,
  sort: (lines) => lines.toSorted(),
};

/** Throws a sentence. */
export function filtered(text: string, [name = "", ...words]: Words): string {
  const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (!filter) throw new Error(`${name} is no filter here: ${Object.keys(FILTERS).join(", ")} are.`);
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  return filter(lines, words)
    .map((line) => `${line}\n`)
    .join("");
}
