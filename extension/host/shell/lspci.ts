/** `lspci` with its own options, bundled and repeated as people type them. */
import { parseArgs } from "node:util";
import { type LspciOptions, printLspci } from "../../../emulator/formats/lspci/print";

import type { Reachable } from "./reachable";
import type { Words } from "./words";

const counted = { type: "boolean", multiple: true } as const;
const once = { type: "boolean" } as const;
const OPTIONS = {
  v: { ...counted, short: "v" },
  n: { ...counted, short: "n" },
  m: { ...counted, short: "m" },
  x: { ...counted, short: "x" },
  t: { ...once, short: "t" },
  b: { ...once, short: "b" },
  D: { ...once, short: "D" },
  k: { ...once, short: "k" },
  s: { type: "string", short: "s" },
  d: { type: "string", short: "d" },
} as const;

/** Throws a sentence for an option that is none. */
export function lspciOptions(words: Words): LspciOptions {
  try {
    const { v, n, m, x, ...rest } = parseArgs({ args: [...words], options: OPTIONS }).values;
    const times = (given: readonly boolean[] | undefined): number => given?.length ?? 0;
    return { ...rest, v: times(v), n: times(n), m: times(m), x: times(x) };
  } catch {
    throw new Error(
      `"lspci ${words.join(" ")}" is not understood: lspci [-vvv] [-nn] [-mm] [-xxxx] [-t] [-b] [-D] [-k] [-s SLOT] [-d IDS].`,
    );
  }
}

export async function lspci(control: Reachable, words: Words): Promise<string> {
  const options = lspciOptions(words);
  return printLspci(await control.sysfs(), { ...options, names: control.names });
}
