/** Breakpoints in the driver's source: kept as wishes, bound by V8 as soon as the driver is linked. */
import { basename } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CdpTarget } from "../cdp";
import { conditionOf, conditionProblem } from "./conditions";
import type { Scripts } from "./scripts";
import { source } from "./stack";

interface Wish extends DebugProtocol.SourceBreakpoint {
  readonly id: number;
  readonly path: string;
}

interface Bound extends Wish {
  readonly v8: string;
}

export class Breakpoints {
  readonly #scripts: Scripts;
  readonly #wishes = new Map<string, readonly Wish[]>();
  #bound: Bound[] = [];
  #target: CdpTarget | undefined;
  #lastId = 0;

  constructor(scripts: Scripts) {
    this.#scripts = scripts;
  }

  /** All breakpoints of one file, replacing what it had. */
  async set(
    path: string,
    wanted: readonly DebugProtocol.SourceBreakpoint[],
  ): Promise<DebugProtocol.Breakpoint[]> {
    const url = this.#scripts.spell(path);
    await this.#clear(url);
    const wishes = wanted.map((wish) => ({ ...wish, id: ++this.#lastId, path }));
    this.#wishes.set(url, wishes);
    return this.#bindAll(url, wishes);
  }

  /** Where a breakpoint could stand between two lines, or columns of them, counted from 1. Before the driver is linked, nowhere. */
  async locations({
    source: { path = "" },
    line,
    column,
    endLine = line,
    endColumn,
  }: DebugProtocol.BreakpointLocationsArguments): Promise<DebugProtocol.BreakpointLocation[]> {
    const scriptId = this.#scripts.idOf(this.#scripts.spell(path));
    if (!this.#target || scriptId === undefined) return [];
    const start = { scriptId, lineNumber: line - 1, columnNumber: (column ?? 1) - 1 };
    const end =
      endColumn === undefined
        ? { scriptId, lineNumber: endLine, columnNumber: 0 }
        : { scriptId, lineNumber: endLine - 1, columnNumber: endColumn };
    const { locations } = await this.#target.send("Debugger.getPossibleBreakpoints", { start, end });
    return locations.map(({ lineNumber, columnNumber = 0 }) => ({
      line: lineNumber + 1,
      column: columnNumber + 1,
    }));
  }

  /** A driver is linked: what was wished for can be bound now. Answers with the state of every breakpoint. */
  async attach(target: CdpTarget): Promise<DebugProtocol.Breakpoint[]> {
    this.#target = target;
    this.#bound = [];
    const all = [];
    for (const [url, wishes] of this.#wishes) all.push(...(await this.#bindAll(url, wishes)));
    return all;
  }

  detach(): void {
    this.#target = undefined;
    this.#bound = [];
  }

  /** The client's ids of V8's breakpoints. */
  idsOf(v8: readonly string[]): number[] {
    return this.#bound.filter((bound) => v8.includes(bound.v8)).map(({ id }) => id);
  }

  /** One after the other: V8 may put two of them on one place, and the order decides. */
  async #bindAll(url: string, wishes: readonly Wish[]): Promise<DebugProtocol.Breakpoint[]> {
    const bound = [];
    for (const wish of wishes) bound.push(await this.#bind(url, wish));
    return bound;
  }

  async #bind(url: string, wish: Wish): Promise<DebugProtocol.Breakpoint> {
    const answer = { id: wish.id, source: source(wish.path), line: wish.line };
    const refuse = (message: string) => ({ ...answer, verified: false, message });
    if (!this.#target) return { ...refuse("Bound when the driver is loaded."), reason: "pending" };
    if (this.#scripts.idOf(url) === undefined) {
      return refuse(`${basename(wish.path)} is not part of the driver that runs.`);
    }
    const problem = await conditionProblem(wish, this.#target);
    if (problem !== undefined) return refuse(problem);
    const line = await this.#place(url, wish);
    return line === undefined ? refuse("No code here or below.") : { ...answer, verified: true, line };
  }

  /** The line where V8 put it. */
  async #place(url: string, wish: Wish): Promise<number | undefined> {
    const place = {
      lineNumber: wish.line - 1,
      ...(wish.column === undefined ? {} : { columnNumber: wish.column - 1 }),
    };
    const condition = conditionOf(wish);
    const wanted = { url, ...place, ...(condition === undefined ? {} : { condition }) };
    const set = await this.#target?.send("Debugger.setBreakpointByUrl", wanted);
    if (!set) return undefined;
    this.#bound.push({ ...wish, v8: set.breakpointId });
    const script = this.#scripts.idOf(url);
    const location = set.locations.find(({ scriptId }) => scriptId === script);
    return location && location.lineNumber + 1;
  }

  async #clear(url: string): Promise<void> {
    const old = new Set((this.#wishes.get(url) ?? []).map(({ id }) => id));
    const gone = this.#bound.filter(({ id }) => old.has(id));
    this.#bound = this.#bound.filter(({ id }) => !old.has(id));
    for (const { v8 } of gone) {
      await this.#target?.send("Debugger.removeBreakpoint", { breakpointId: v8 }).catch(() => undefined);
    }
  }
}
