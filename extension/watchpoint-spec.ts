/** The text of a watchpoint, `TARGET [r][w] …`: read, printed and put into words. The whole grammar is the machine's. */
import { parseWatch } from "../emulator/machine/watch-spec";
import { t } from "./l10n";

export type WatchAccess = "r" | "w" | "rw";

export interface WatchSpec {
  /** `edu.FACTORIAL`, `0x40000008+4`. */
  readonly target: string;
  readonly access: WatchAccess;
  /** What follows the access: `once if $value == 5`. */
  readonly more?: string;
}

const grammar = /^(?<target>\S+)(?:\s+(?<access>r|w|rw|wr))?(?:\s+(?<more>\S.*))?$/s;

/** What is wrong with a text, in a sentence; undefined for a watchpoint. */
export function problemIn(text: string): string | undefined {
  const parsed = parseWatch(text.trim());
  return typeof parsed === "string" ? parsed : undefined;
}

/** Undefined for text that is no watchpoint. Without an access it means both. */
export function parseSpec(text: string): WatchSpec | undefined {
  const { target, access = "rw", more } = grammar.exec(text.trim())?.groups ?? {};
  if (target === undefined || problemIn(text) !== undefined) return undefined;
  return {
    target,
    access: access === "r" || access === "w" ? access : "rw",
    ...(more !== undefined && { more }),
  };
}

export const specText = ({ target, access, more }: WatchSpec): string =>
  [target, access, ...(more === undefined ? [] : [more])].join(" ");

const words: Readonly<Record<WatchAccess, string>> = { r: t("read"), w: t("write"), rw: t("read or write") };

/** `write` */
export const accessWord = (access: WatchAccess): string => words[access];

/** `write, once if $value == 5` */
export const specWords = ({ access, more }: WatchSpec): string =>
  more === undefined ? accessWord(access) : `${accessWord(access)}, ${more}`;

/** One watchpoint per target: a second one on the same target replaces the first. */
export function withSpec(specs: readonly WatchSpec[], added: WatchSpec): readonly WatchSpec[] {
  return [...specs.filter(({ target }) => target !== added.target), added];
}

/** The group that it is switched with. */
export function groupOf(spec: WatchSpec): string | undefined {
  const parsed = parseWatch(specText(spec));
  return typeof parsed === "string" ? undefined : parsed.group;
}
