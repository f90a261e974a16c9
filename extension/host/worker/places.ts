/** Lines that V8 keeps to itself: where a module imports what, and where its early errors are. */
import * as vm from "node:vm";

/** The line of the import of `specifier`, or of `name` in it. */
export function importLine(source: string, specifier: string, name = specifier): number | undefined {
  for (const match of source.matchAll(/^[ \t]*(?:import|export)\b[^;]*?(["'])(.*?)\1/gm)) {
    const inside =
      match[2] === specifier ? new RegExp(`(?<![\\w$])${escaped(name)}(?![\\w$])`).exec(match[0]) : null;
    if (inside) return lineAt(source, match.index + inside.index);
  }
  return undefined;
}

/** The line of `let a; let a;` and the like: as a script, without imports and exports, V8 tells it. */
export function earlyErrorLine(code: string): number {
  const script = code
    .replace(/^[ \t]*import\b[^;]*?(["']).*?\1/gm, blank)
    .replace(/^[ \t]*export(?:[ \t]+default)?(?=\s)/gm, blank);
  try {
    new vm.Script(script, { filename: "early" });
    return 1;
  } catch (error) {
    return Number(/^early:(\d+)/.exec((error as Error).stack ?? "")?.[1] ?? 1);
  }
}

function lineAt(source: string, index: number): number {
  return source.slice(0, index).split("\n").length;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
