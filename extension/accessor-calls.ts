/** Calls of Linux's accessors in a driver's text, and the constants it names: no compiler, no false certainty. */

export interface AccessorCall {
  readonly access: "read" | "write";
  /** The expressions, as written. */
  readonly pointer: string;
  readonly offset: string;
  /** Indices in the text: the name's first character, and behind the closing parenthesis. */
  readonly start: number;
  readonly end: number;
}

const NAME = /\b(?:io(read|write)(?:8|16|32|64)(?:be)?|(read|write)[bwlq](?:_relaxed)?)\s*\(/g;
const APART = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/.*|\/\*[\s\S]*?\*\//g;

/** The text with blanks where comments are. */
export const withoutComments = (text: string): string =>
  text.replace(APART, (all: string, literal?: string) => literal ?? all.replace(/[^\n]/g, " "));

/** The arguments from an opening parenthesis on; undefined while it is not closed. */
function argumentsAt(code: string, open: number): { words: readonly string[]; end: number } | undefined {
  const words: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < code.length; at++) {
    const one = code.charAt(at);
    if ("([{".includes(one)) depth += 1;
    if (")]}".includes(one)) depth -= 1;
    if (depth === 0 || (depth === 1 && one === ",")) {
      words.push(code.slice(from, at).trim());
      from = at + 1;
    }
    if (depth === 0) return { words, end: at + 1 };
  }
  return undefined;
}

/** In the order of the text. A pointer without an offset has the offset 0. */
export function accessorCalls(text: string): readonly AccessorCall[] {
  const code = withoutComments(text);
  return [...code.matchAll(NAME)].flatMap((match): readonly AccessorCall[] => {
    const open = match.index + match[0].length - 1;
    const access = (match[1] ?? match[2]) === "write" ? "write" : "read";
    const found = argumentsAt(code, open);
    const [pointer = "", offset = "0"] = found?.words.slice(access === "write" ? 1 : 0) ?? [];
    return found && pointer !== "" ? [{ access, pointer, offset, start: match.index, end: found.end }] : [];
  });
}

const CONSTANT = /\b(?:const\s+)?([A-Z_a-z]\w*)\s*[=:]\s*(0x[0-9a-f_]+|0b[01_]+|\d[\d_]*)\s*(?=[;,}\n])/gi;
const BIT = /\bconst\s+(\w+)\s*=\s*(?:BIT\(\s*(\d+)\s*\)|1\s*<<\s*(\d+))/g;

/** Names that stand for a number, by `const NAME = 0x20;`, `NAME: 0x20,` or `const NAME = BIT(7);`. */
export function constantsIn(text: string): ReadonlyMap<string, bigint> {
  const code = withoutComments(text);
  const plain = [...code.matchAll(CONSTANT)].map(
    ([, name = "", value = "0"]) => [name, BigInt(value.replaceAll("_", ""))] as const,
  );
  const bits = [...code.matchAll(BIT)].map(
    ([, name = "", bit, shift]) => [name, 1n << BigInt(bit ?? shift ?? 0)] as const,
  );
  return new Map([...plain, ...bits]);
}

/** The outermost braces around a place: what a stopped function's names mean ends there. Indices in the text. */
export function blockAround(text: string, at: number): readonly [start: number, end: number] {
  const code = withoutComments(text);
  let depth = 0;
  let start = 0;
  for (let index = 0; index < code.length; index++) {
    if (code[index] === "{" && depth++ === 0) start = index;
    if (code[index] === "}" && --depth === 0 && index >= at)
      return start <= at ? [start, index + 1] : [at, at];
  }
  return [at, at];
}
