/** A failed access, or a report of the sanitizer, as the Problems view shows it. */
import type { DriverEdit, Explanation } from "../../../emulator/machine/way-views";
import type { Mistake } from "./driver-life";
import type { Scripts } from "./scripts";

/** The body of `rootport/problem`: what is wrong at a line of the driver, and the call that would mend it. */
export interface ProblemBody {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly severity: "error" | "warning";
  /** The line that the driver lacks. */
  readonly fix?: LackingLine;
}

export type LackingLine = Pick<DriverEdit, "call" | "header" | "line">;

/** Nothing for what nobody can mend in the driver: a fault that was asked for, a chipset that is not modelled. */
export function problemOf(mistake: Mistake, scripts: Scripts): ProblemBody | undefined {
  const { at } = mistake;
  if (!at) return undefined;
  const place = { path: scripts.respell(at.path), line: at.line, column: at.column };
  if (mistake.type === "report") {
    const { level, text, explanation, fix } = mistake.report;
    const lacking = fix && lineOf(fix.insert);
    return {
      ...place,
      message: `${text}. ${explanation}`,
      severity: level,
      ...(lacking && { fix: lacking }),
    };
  }
  const { explanation, asked } = mistake.failure;
  if (asked || explanation.answered || isPlatform(explanation)) return undefined;
  const edit = explanation.mends.find((it) => it.edit)?.edit;
  return { ...place, message: messageOf(explanation), severity: "error", ...(edit && { fix: edit }) };
}

/** The header of a function by the name that Linux gave it. */
const HEADERS = [
  [/^dma_/, "linux/dma-mapping"],
  [/^pcim?_/, "linux/pci"],
] as const;

function lineOf(line: string): LackingLine | undefined {
  const [, call = ""] = /^(\w+)\(/.exec(line) ?? [];
  const [, header] = HEADERS.find(([name]) => name.test(call)) ?? [];
  return header && { call, header, line };
}

function messageOf({ sentence, sees, mends, initiator }: Explanation): string {
  const who = initiator === "cpu" ? "The driver" : initiator;
  const advice = mends[0] ? ` ${mends[0].sentence}.` : "";
  return `${sentence}. ${who} gets ${sees}.${advice}`;
}

function isPlatform({ hops }: Explanation): boolean {
  return hops.at(-1)?.title.endsWith(", not modelled") ?? false;
}
