/** A failed access, or a report of the sanitizer, as the Problems view shows it. */

import type { SanitizerReport } from "../../../emulator/machine/views";
import type { DriverEdit, Explanation } from "../../../emulator/machine/way-views";
import type { Place } from "../driver-thread-protocol";
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

/** What the sanitizer says of these, the failed access itself says better: with the bit, and the line that is missing. */
const SAID_BY_FAILURES: ReadonlySet<string> = new Set([
  "dma-without-bus-master",
  "refused-width",
  "unaligned",
]);

export class Mistakes {
  readonly #scripts: Scripts;
  /** Lines that the sanitizer has explained. */
  readonly #reported = new Set<string>();

  constructor(scripts: Scripts) {
    this.#scripts = scripts;
  }

  /** One for each mistake; nothing for what nobody can mend in the driver: an injected fault, a chipset not modelled. */
  problemOf(mistake: Mistake): ProblemBody | undefined {
    const { at } = mistake;
    if (!at) return undefined;
    const place = { path: this.#scripts.respell(at.path), line: at.line, column: at.column };
    if (mistake.type === "report") return this.#ofReport(mistake.report, place);
    const line = `${place.path}:${place.line}`;
    const { explanation, asked } = mistake.failure;
    const faulted = explanation.sees.startsWith("a page fault");
    if (asked || explanation.answered || isPlatform(explanation) || (faulted && this.#reported.has(line)))
      return undefined;
    const edit = explanation.mends.find((it) => it.edit)?.edit;
    return { ...place, message: messageOf(explanation), severity: "error", ...(edit && { fix: edit }) };
  }

  #ofReport(report: SanitizerReport, place: Place): ProblemBody | undefined {
    const { check, level, text, explanation, fix } = report;
    if (SAID_BY_FAILURES.has(check)) return undefined;
    this.#reported.add(`${place.path}:${place.line}`);
    const lacking = fix && lineOf(fix.insert);
    return {
      ...place,
      message: `${text}. ${explanation}`,
      severity: level,
      ...(lacking && { fix: lacking }),
    };
  }
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
