/** What `lspci` prints without options (pciutils lspci.c, show_terse): by address. */
import type { FunctionView } from "../machine/views";

export function formatLspci(functions: readonly FunctionView[]): string {
  const sorted = functions.toSorted((a, b) => (a.bdf < b.bdf ? -1 : 1));
  return sorted.map((it) => `${terse(it)}\n`).join("");
}

function terse({ bdf, className, title, revision }: FunctionView): string {
  const rev = revision ? ` (rev ${revision.toString(16).padStart(2, "0")})` : "";
  return `${bdf.replace(/^0000:/, "")} ${className}: ${title}${rev}`;
}
