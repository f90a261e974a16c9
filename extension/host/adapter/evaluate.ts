/** Expressions: the driver's own in a stopped frame, and the machine's registers by name at any time. */
import type { Runtime } from "node:inspector";
import type { CdpTarget } from "../cdp";

/** Who asks decides what an expression may do: only the console may change something. */
export type Context = string | undefined;

export async function evaluateIn(
  callFrameId: string,
  asked: { expression: string; context: Context },
  target: CdpTarget,
): Promise<Runtime.RemoteObject> {
  const free = asked.context === "repl" || asked.context === "setVariable";
  const { result, exceptionDetails } = await target.send("Debugger.evaluateOnCallFrame", {
    callFrameId,
    expression: asked.expression,
    generatePreview: true,
    throwOnSideEffect: !free,
  });
  if (exceptionDetails) throw new Error(refusal(exceptionDetails, asked.context));
  return result;
}

function refusal(details: Runtime.ExceptionDetails, context: Context): string {
  const text = details.exception?.description?.split("\n")[0] ?? details.text;
  if (!/Possible side-effect/.test(text)) return text;
  const where = context === "hover" ? "A hover" : "The Watch view";
  return `${where} does not run what may change the machine: evaluate it in the Debug Console.`;
}
