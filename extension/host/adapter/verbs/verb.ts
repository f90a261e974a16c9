/** A command of the machine, in the console and in the terminal. */
import type { Control } from "../../control";

export interface Verb {
  readonly usage: string;
  readonly does: string;
  /** An address or a register follows. */
  readonly takesAddress?: true;
  /** What can follow, where that is a word of a few. */
  words?(control: Control, before: readonly string[]): readonly string[];
  /** Rejects with a sentence. */
  run(control: Control, words: readonly string[]): string | Promise<string>;
}

/** For words that say nothing to a verb. */
export function misused({ usage }: Verb): Error {
  return new Error(`Write ${usage}.`);
}
