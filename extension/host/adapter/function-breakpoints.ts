/** Breakpoints by the name of a function: at its first statement, found in the text of the driver's files. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CdpTarget } from "../cdp";
import { conditionOf, conditionProblem } from "./conditions";
import type { Scripts } from "./scripts";
import { source } from "./stack";

interface Wish extends DebugProtocol.FunctionBreakpoint {
  readonly id: number;
}

/** Apart from the ids of other breakpoints: a client knows them all by one number. */
const FIRST_ID = 2_000_000;

export class FunctionBreakpoints {
  readonly #scripts: Scripts;
  readonly #bound = new Map<string, number>();
  #wishes: readonly Wish[] = [];
  #target: CdpTarget | undefined;
  #lastId = FIRST_ID;

  constructor(scripts: Scripts) {
    this.#scripts = scripts;
  }

  /** Replaces the list. */
  async set(wanted: readonly DebugProtocol.FunctionBreakpoint[]): Promise<DebugProtocol.Breakpoint[]> {
    for (const breakpointId of this.#bound.keys())
      await this.#target?.send("Debugger.removeBreakpoint", { breakpointId }).catch(() => undefined);
    this.#wishes = wanted.map((wish) => ({ ...wish, id: ++this.#lastId }));
    return this.#bindAll();
  }

  /** A driver is linked. */
  async attach(target: CdpTarget): Promise<DebugProtocol.Breakpoint[]> {
    this.#target = target;
    return this.#bindAll();
  }

  detach(): void {
    this.#target = undefined;
    this.#bound.clear();
  }

  idsOf(v8: readonly string[]): number[] {
    return v8.flatMap((id) => this.#bound.get(id) ?? []);
  }

  async #bindAll(): Promise<DebugProtocol.Breakpoint[]> {
    this.#bound.clear();
    const all = [];
    for (const wish of this.#wishes) all.push(await this.#bind(wish));
    return all;
  }

  async #bind(wish: Wish): Promise<DebugProtocol.Breakpoint> {
    const refuse = (message: string) => ({ id: wish.id, verified: false, message });
    if (!this.#target) return { ...refuse("Bound when the driver is loaded."), reason: "pending" };
    const problem = await conditionProblem(wish, this.#target);
    if (problem !== undefined) return refuse(problem);
    const place = await this.#find(this.#target, wish.name);
    if (!place) return refuse(`The driver has no function ${wish.name}.`);
    const { scriptId, ...location } = place;
    const condition = conditionOf(wish);
    const wanted = {
      url: this.#scripts.url(scriptId),
      ...location,
      ...(condition === undefined ? {} : { condition }),
    };
    const { breakpointId } = await this.#target.send("Debugger.setBreakpointByUrl", wanted);
    this.#bound.set(breakpointId, wish.id);
    return {
      id: wish.id,
      verified: true,
      source: source(this.#scripts.path(scriptId)),
      line: location.lineNumber + 1,
    };
  }

  async #find(target: CdpTarget, name: string) {
    if (!/^[\w$]+$/.test(name)) return undefined;
    const quoted = name.replaceAll("$", "\\$");
    const declaration = new RegExp(
      `\\bfunction\\s*\\*?\\s*${quoted}\\s*\\(|\\b${quoted}\\s*[=:]\\s*(?:async\\s*)?(?:function\\b|\\()`,
    );
    for (const scriptId of this.#scripts.drivers) {
      const { scriptSource } = await target.send("Debugger.getScriptSource", { scriptId });
      const found = declaration.exec(scriptSource);
      if (!found) continue;
      const before = scriptSource.slice(0, found.index + found[0].length).split("\n");
      const start = { scriptId, lineNumber: before.length - 1, columnNumber: before.at(-1)?.length ?? 0 };
      const { locations } = await target.send("Debugger.getPossibleBreakpoints", { start });
      const [first] = locations;
      if (first) return { scriptId, lineNumber: first.lineNumber, columnNumber: first.columnNumber ?? 0 };
    }
    return undefined;
  }
}
