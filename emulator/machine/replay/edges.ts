/**
 * Interrupt lines in a replay: what was recorded against what happened. A record follows the operation that caused it;
 * of a compound operation (a mask of a register) it stands before.
 */
import { type Comparison, compare } from "./transcript";

export class Edges {
  readonly #happened: string[] = [];
  readonly #awaited: ((found: string) => void)[] = [];

  happen(gsi: number, asserted: boolean): void {
    const edge = `line ${gsi} level ${asserted ? 1 : 0}`;
    const awaited = this.#awaited.shift();
    if (awaited) awaited(edge);
    else this.#happened.push(edge);
  }

  /** Compares now, or as soon as there is something to compare. */
  expect({ line, level }: { line: unknown; level: unknown }, settle: (comparison: Comparison) => void): void {
    const wanted = `line ${line} level ${level}`;
    const found = this.#happened.shift();
    if (found) settle(compare("the interrupt line", found, wanted));
    else this.#awaited.push((edge) => settle(compare("the interrupt line", edge, wanted)));
  }

  /** The next operation begins: what happened and was not recorded by now never was. */
  settle(differ: (comparison: Comparison) => void): void {
    for (const edge of this.#happened.splice(0)) differ(compare("the interrupt line", edge, "no edge"));
  }

  /** What was recorded and never came. */
  finish(): void {
    for (const awaited of this.#awaited.splice(0)) awaited("no edge");
  }
}
