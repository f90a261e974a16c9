/** A line a function, from what views are given: `lspci` without options. */
import type { FunctionView } from "../../machine/views";
import { hex } from "./text";

export function formatBrief(functions: readonly FunctionView[]): string {
  return functions
    .toSorted((a, b) => (a.bdf < b.bdf ? -1 : 1))
    .map(({ bdf, className, title, revision }) => {
      const rev = revision ? ` (rev ${hex(revision, 2)})` : "";
      return `${bdf.replace(/^0000:/, "")} ${className}: ${title}${rev}\n`;
    })
    .join("");
}
