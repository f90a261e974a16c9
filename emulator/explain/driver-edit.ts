/** A call that a driver lacks, put into its source: into probe(), behind what must come before, with its import. */
import type { DriverEdit } from "../machine/way-views";
import { type Insertion, importEdit } from "./import-edit";
import { type ProbeFunction, probeFunction } from "./probe-function";
import { codeOnly, indentAt, lineStart, next, statementEnd } from "./source-text";

const ENABLING = ["pci_enable_device", "pcim_enable_device", "pci_enable_device_mem"];
/** What a call follows, the latest of them first. */
const AFTER: Readonly<Record<string, readonly string[]>> = {
  pci_enable_device: [],
  pci_set_master: ENABLING,
  pci_request_regions: ENABLING,
  dma_set_mask_and_coherent: ["pci_set_master", ...ENABLING],
  pci_alloc_irq_vectors: ["pci_set_master", ...ENABLING],
};

type Line = Pick<DriverEdit, "call" | "header" | "line">;

/** Undefined where there is no probe() to put it into, where it calls it already, or where a person must choose. */
export function insertCall(source: string, edit: Line): readonly Insertion[] | undefined {
  const probe = probeFunction(source);
  const before = AFTER[edit.call];
  if (!probe || !before) return undefined;
  const code = codeOnly(source);
  if (callIn(code, probe, edit.call) >= 0) return undefined;
  const imported = importEdit(source, edit);
  const place = placeIn(code, probe, before);
  if (place === undefined) return undefined;
  const line = edit.line.replaceAll("pdev", probe.device);
  const statement = `${imported.prefix}${line}`;
  const inserted = insertionAt(code, probe, { place, lines: checked(edit.call, { statement, code, probe }) });
  return imported.insertion ? [imported.insertion, inserted] : [inserted];
}

function callIn(code: string, { start, end }: ProbeFunction, call: string): number {
  const found = new RegExp(`\\b${call}\\s*\\(`).exec(code.slice(start, end));
  return found ? start + found.index : -1;
}

/** Behind the statement that must come before; at the beginning of the body where there is none. */
function placeIn(code: string, probe: ProbeFunction, before: readonly string[]): number | undefined {
  const at = before.map((call) => callIn(code, probe, call)).find((it) => it >= 0);
  if (at === undefined) return probe.start;
  const begins = next(code, Math.max(lineStart(code, at), probe.start));
  if (/^return\b/.test(code.slice(begins, begins + 7))) return undefined;
  const behind = statementEnd(code, begins);
  const [, variable] = /([A-Za-z_$][\w$]*)\s*=\s*(?:[\w$]+\.)?$/.exec(code.slice(begins, at)) ?? [];
  const check = next(code, behind);
  const tested = variable === undefined ? undefined : /^if\s*\(([^)]*)\)/.exec(code.slice(check))?.[1];
  return tested && new RegExp(`\\b${variable}\\b`).test(tested) ? statementEnd(code, check) : behind;
}

interface Statement {
  readonly statement: string;
  readonly code: string;
  readonly probe: ProbeFunction;
}

/** Those whose result Linux wants looked at, and what to call it where `error` is taken. */
const CHECKED: Readonly<Record<string, string>> = {
  pci_enable_device: "enabled",
  pci_request_regions: "claimed",
};

function checked(call: string, { statement, code, probe }: Statement): readonly string[] {
  const other = CHECKED[call];
  if (other === undefined) return [statement];
  const taken = /\berror\b/.test(code.slice(probe.start, probe.end));
  const name = taken ? other : "error";
  return [`const ${name} = ${statement}`, `if (${name}) return ${name};`];
}

function insertionAt(
  code: string,
  probe: ProbeFunction,
  { place, lines }: { readonly place: number; readonly lines: readonly string[] },
): Insertion {
  const inner = next(code, probe.start);
  const oneLine = !code.slice(probe.start, inner).includes("\n");
  const base = indentAt(code, probe.start);
  const indent = oneLine || inner >= probe.end ? `${base}  ` : indentAt(code, inner);
  const text = lines.map((line) => `\n${indent}${line}`).join("");
  const rest = code.slice(place, code.indexOf("\n", place)).trim();
  return { at: place, text: rest === "" ? text : `${text}\n${rest === "}" ? base : indent}` };
}
