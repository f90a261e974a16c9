/** A little of TypeScript's grammar, as much as is needed to put a line into a function: text in, offsets out. */

const OPENS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The source with blanks for comments and for what is inside strings: same length, same lines. */
export function codeOnly(source: string): string {
  const parts = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
  return source.replace(parts, (text) => text.replace(/[^\n]/g, " "));
}

/** Where the bracket at `open` closes; the end where it never does. */
export function closing(code: string, open: number): number {
  const closes: string[] = [];
  for (let at = open; at < code.length; at++) {
    const character = code.charAt(at);
    const close = OPENS[character];
    if (close !== undefined) closes.push(close);
    else if (character === closes.at(-1)) closes.pop();
    if (closes.length === 0) return at;
  }
  return code.length;
}

/** The first place at or after `from` that is no blank. */
export function next(code: string, from: number): number {
  const found = code.slice(from).search(/\S/);
  return found < 0 ? code.length : from + found;
}

/** Behind the statement that begins at `from`. */
export function statementEnd(code: string, from: number): number {
  const at = next(code, from);
  if (code.charAt(at) === "{") return closing(code, at) + 1;
  if (!/^if\b/.test(code.slice(at, at + 3))) return simpleEnd(code, at);
  const condition = code.indexOf("(", at);
  const then = statementEnd(code, closing(code, condition) + 1);
  const other = next(code, then);
  return /^else\b/.test(code.slice(other, other + 5)) ? statementEnd(code, other + 4) : then;
}

/** Up to its semicolon, or to the end of the line where nobody wrote one. */
function simpleEnd(code: string, from: number): number {
  for (let at = from; at < code.length; at++) {
    const character = code.charAt(at);
    if (character === ";") return at + 1;
    if (OPENS[character] !== undefined) at = closing(code, at);
    else if (character === "\n" && !/[,=+\-*/&|(]\s*$/.test(code.slice(from, at))) return at;
  }
  return code.length;
}

export function lineStart(code: string, at: number): number {
  return code.lastIndexOf("\n", at - 1) + 1;
}

/** The blanks that the line around `at` begins with. */
export function indentAt(code: string, at: number): string {
  return /^[ \t]*/.exec(code.slice(lineStart(code, at)))?.[0] ?? "";
}
