/** Conditions, hit counts and log messages: one JavaScript expression that V8 evaluates at the line. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CdpTarget } from "../cdp";
import { HITS } from "../driver-thread-protocol";

type Wish = Pick<DebugProtocol.SourceBreakpoint, "condition" | "hitCondition" | "logMessage"> & {
  readonly id: number;
};

const HIT_COUNT = /^\s*(>=|<=|>|<|===|==|=|%)?\s*(\d+)\s*$/;

/** True stops. Undefined: stop always. */
export function conditionOf(wish: Wish): string | undefined {
  const parts = [];
  if (wish.condition) parts.push(`(${wish.condition})`);
  if (wish.hitCondition) parts.push(counted(wish));
  if (wish.logMessage) parts.push(`(console.log(${template(wish.logMessage)}), false)`);
  return parts.length === 0 ? undefined : parts.join(" && ");
}

/** A sentence when the person's text is no expression: V8 would take it for false and never stop. */
export async function conditionProblem(wish: Wish, target: CdpTarget): Promise<string | undefined> {
  if (wish.hitCondition && !HIT_COUNT.test(wish.hitCondition)) {
    return `"${wish.hitCondition}" is no hit count: write a number, or one of > >= < <= = % and a number.`;
  }
  const expression = conditionOf(wish);
  if (expression === undefined) return undefined;
  const compiled = { expression, sourceURL: "", persistScript: false };
  const { exceptionDetails } = await target.send("Runtime.compileScript", compiled);
  return exceptionDetails?.exception?.description?.split("\n")[0];
}

/** Counts in the driver's thread: a stop per hit would cost a thousand times as much. */
function counted({ id, hitCondition = "" }: Wish): string {
  const [, sign = "==", count = "1"] = HIT_COUNT.exec(hitCondition) ?? [];
  const hits = `globalThis["${HITS}"][${id}]`;
  const now = `(${hits} = (${hits} ?? 0) + 1)`;
  return sign === "%" ? `${now} % ${count} === 0` : `${now} ${sign === "=" ? "==" : sign} ${count}`;
}

/** `n is {n}` → `` `n is ${n}` `` */
function template(message: string): string {
  const escaped = message.replace(/[`\\]|\$(?=\{)/g, "\\$&");
  return `\`${escaped.replace(/\{([^{}]*)\}/g, (_, expression: string) => `\${${expression}}`)}\``;
}
