/** The text of a watchpoint, `TARGET [r][w]`: read, printed and put into words. */

export type WatchAccess = "r" | "w" | "rw";

export interface WatchSpec {
  /** `edu.FACTORIAL`, `0x40000008+4`. */
  readonly target: string;
  readonly access: WatchAccess;
}

const grammar = /^(?<target>\S+)(?:\s+(?<access>r|w|rw|wr))?$/;

/** Undefined for text that is no watchpoint. Without an access it means both. */
export function parseSpec(text: string): WatchSpec | undefined {
  const { target, access = "rw" } = grammar.exec(text.trim())?.groups ?? {};
  if (target === undefined) return undefined;
  return { target, access: access === "r" || access === "w" ? access : "rw" };
}

export const specText = ({ target, access }: WatchSpec): string => `${target} ${access}`;

const words: Readonly<Record<WatchAccess, string>> = { r: "read", w: "write", rw: "read or write" };

/** `write` */
export const accessWord = (access: WatchAccess): string => words[access];

/** One watchpoint per target: a second one on the same target replaces the first. */
export function withSpec(specs: readonly WatchSpec[], added: WatchSpec): readonly WatchSpec[] {
  return [...specs.filter(({ target }) => target !== added.target), added];
}
