/** The driver's lines as numbers: the bus trace notes one with each access, and has no room for a path. */
import { fileURLToPath } from "node:url";
import type { DriverPlace } from "../driver-thread-protocol";

/** Frames of the runtime between an access and the driver's line. */
const DEEP = 24;

/** The stack as V8 has it, without making text of it: an access is told thousands of times a second. */
function sitesHere(): readonly NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const here: { stack?: readonly NodeJS.CallSite[] } = {};
  Error.stackTraceLimit = DEEP;
  Error.prepareStackTrace = (_error, sites) => sites;
  Error.captureStackTrace(here, sitesHere);
  const sites = here.stack ?? [];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return sites;
}

export class DriverLines {
  readonly #isDriver: (url: string) => boolean;
  readonly #tell: (number: number, at: DriverPlace) => void;
  readonly #numbers = new Map<string, number>();

  /** `tell`: a line has its number now. */
  constructor(isDriver: (url: string) => boolean, tell: (number: number, at: DriverPlace) => void) {
    this.#isDriver = isDriver;
    this.#tell = tell;
  }

  /** The number of the driver's line that runs, from 1; 0 where none does. */
  here(): number {
    const site = sitesHere().find((one) => this.#isDriver(one.getScriptNameOrSourceURL() ?? ""));
    return site ? this.#numberOf(site) : 0;
  }

  #numberOf(site: NodeJS.CallSite): number {
    const [url, line, column] = [
      site.getScriptNameOrSourceURL() ?? "",
      site.getLineNumber() ?? 1,
      site.getColumnNumber() ?? 1,
    ];
    const key = `${url}:${line}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    this.#numbers.set(key, number);
    this.#tell(number, { function: site.getFunctionName() ?? "", path: fileURLToPath(url), line, column });
    return number;
  }
}
