/** The names of a line, imported where they are not yet: into the header's list, or as an import of their own. */
import type { DriverEdit } from "../machine/way-views";
import { codeOnly } from "./source-text";

/** `text` goes before the character at `at`. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

export interface Imported {
  /** `pci.` where the header is imported as a whole. */
  readonly prefix: string;
  readonly insertion?: Insertion;
}

export function importEdit(source: string, { header, line }: Pick<DriverEdit, "header" | "line">): Imported {
  const code = codeOnly(source);
  const imports = [...source.matchAll(/^import\s+(?!type\b)([^;]*?)\s*from\s*["']([^"']+)["'];?/gm)].filter(
    ({ index }) => code.slice(index, index + 6) === "import",
  );
  const own = imports.find((it) => it[2] === header);
  const [, whole] = /^\*\s*as\s+([\w$]+)$/.exec(own?.[1] ?? "") ?? [];
  if (whole !== undefined) return { prefix: `${whole}.` };
  const names = namesIn(line);
  const list = own?.[1] === undefined ? -1 : own[1].indexOf("{");
  if (own && list >= 0) return intoList(source, names, listOf(source, own.index));
  const last = imports.at(-1);
  const at = last ? last.index + last[0].length : 0;
  const text = `import { ${names.join(", ")} } from "${header}";`;
  return { prefix: "", insertion: { at, text: last ? `\n${text}` : `${text}\n` } };
}

/** Functions that it calls, and constants that it uses. */
function namesIn(line: string): readonly string[] {
  const found = line.matchAll(/\b([a-z]\w*)(?=\()|\b[A-Z][A-Z0-9_]+\b/g);
  return [...new Set([...found].map(([name]) => name))];
}

interface List {
  /** Behind the brace. */
  readonly start: number;
  /** The brace that closes it. */
  readonly end: number;
}

function listOf(source: string, from: number): List {
  const start = source.indexOf("{", from) + 1;
  return { start, end: source.indexOf("}", start) };
}

/** Before the first name that sorts behind it; all of them at once, for they sort together. */
function intoList(source: string, names: readonly string[], { start, end }: List): Imported {
  const present = [
    ...source.slice(start, end).matchAll(/(?:type\s+)?([A-Za-z_$][\w$]*)(?:\s+as\s+[\w$]+)?/g),
  ];
  const missing = names.filter((name) => !present.some((it) => it[1] === name));
  const [first] = missing;
  if (first === undefined) return { prefix: "" };
  const behind = present.find((it) => (it[1] ?? "") > first);
  const lines = source.slice(start, end).includes("\n");
  const separator = lines ? ",\n  " : ", ";
  if (behind)
    return {
      prefix: "",
      insertion: { at: start + behind.index, text: missing.map((it) => it + separator).join("") },
    };
  const last = present.at(-1);
  const at = last ? start + last.index + last[0].length : start;
  return {
    prefix: "",
    insertion: { at, text: missing.map((it) => `${last ? separator : " "}${it}`).join("") },
  };
}
