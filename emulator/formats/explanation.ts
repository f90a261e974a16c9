/** An explanation as text: the way, the answer, the bit that decides, and what to do. */
import type { Decider, Explanation, Mend } from "../machine/way-views";
import { formatHops } from "./translation";

export function formatExplanation(explanation: Explanation): string {
  const { hops, sentence, decides, sees, status, mends, notes } = explanation;
  return [
    formatHops(hops),
    `${sentence}\n`,
    decides ? `    decides: ${deciderText(decides)}\n` : "",
    `    ${explanation.initiator === "cpu" ? "the CPU" : explanation.initiator} gets ${sees}\n`,
    ...status.map(({ id, doc }) => `    sets ${id}: ${doc}\n`),
    ...logged(explanation),
    ...mends.map(formatMend),
    ...notes.map((note) => `    note: ${note}\n`),
  ].join("");
}

function logged({ answered, log }: Explanation): readonly string[] {
  if (log.length) return ["    Linux logs\n", ...log.map((line) => `        ${line}\n`)];
  return answered ? [] : ["    Linux logs nothing\n"];
}

/** The first thing to do about it, in a sentence; empty where nobody knows. */
export function formatAdvice({ mends: [mend] }: Explanation): string {
  if (!mend) return "";
  const { sentence, command, edit } = mend;
  const how = [
    ...(edit ? [`in the driver, ${edit.line.replace(/;$/, "")}`] : []),
    ...(command ? [`in the Debug Console, ${command}`] : []),
  ];
  return `To mend it: ${sentence}${how.length ? ` (${how.join("; ")})` : ""}.`;
}

function deciderText({ register, at, value, field, bits: [msb, lsb], is, wants }: Decider): string {
  const where = msb === lsb ? `bit ${lsb}` : `bits ${msb}:${lsb}`;
  return `${field} (${where} of ${register} at ${at}, which holds ${value}) is ${is}, would have to be ${wants}`;
}

function formatMend({ sentence, command, shell, edit }: Mend): string {
  return [
    `    to mend it: ${sentence}\n`,
    command ? `        in the Debug Console: ${command}\n` : "",
    shell ? `        on a real machine: ${shell}\n` : "",
    edit ? `        in the driver: ${edit.line}  ${edit.where} (${edit.header})\n` : "",
  ].join("");
}
