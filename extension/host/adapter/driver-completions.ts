/** Completion of the driver's own names in the console: variables of every scope, and members after a dot. Looking runs nothing. */
import type { Debugger, Runtime } from "node:inspector";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CdpTarget } from "../cdp";

interface Known {
  readonly frame: Debugger.CallFrame;
  readonly target: CdpTarget;
}

type Item = DebugProtocol.CompletionItem;

const TYPED = /(?:([\w$.[\]'"]*[\w$\])])\s*\.\s*)?([\p{ID_Start}$_]?[\p{ID_Continue}$]*)$/u;
const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
/** Not the global object's thousand names. */
const SCOPES: readonly Debugger.Scope["type"][] = ["local", "block", "catch", "closure", "module"];
/** Members of the object, of its class, and of the class above; what every object has is no news. */
const ANCESTORS = 3;

export async function driverCompletions(
  { text, column }: DebugProtocol.CompletionsArguments,
  known: Known,
): Promise<Item[]> {
  const typed = text.slice(0, column - 1);
  const [, object, word = ""] = TYPED.exec(typed) ?? [];
  const found = object === undefined ? await variables(known) : await members(object, known);
  const place = { start: typed.length - word.length, length: word.length };
  const fitting = found.filter(({ name }) => name.startsWith(word) && NAME.test(name));
  const named = new Map(fitting.map((property) => [property.name, property]));
  return [...named.values()].map(({ name, value }) => ({
    label: name,
    type: value?.type === "function" ? "function" : object === undefined ? "variable" : "property",
    ...place,
  }));
}

async function variables({ frame, target }: Known): Promise<Runtime.PropertyDescriptor[]> {
  const scopes = frame.scopeChain.filter(({ type }) => SCOPES.includes(type));
  const all = await Promise.all(scopes.map(({ object }) => own(object.objectId, target)));
  return all.flatMap(({ result }) => result);
}

/** An object that could only be had by running something has none. */
async function members(object: string, { frame, target }: Known): Promise<Runtime.PropertyDescriptor[]> {
  const { result, exceptionDetails } = await target.send("Debugger.evaluateOnCallFrame", {
    callFrameId: frame.callFrameId,
    expression: object,
    silent: true,
    throwOnSideEffect: true,
  });
  const found: Runtime.PropertyDescriptor[] = [];
  let next = exceptionDetails ? undefined : result.objectId;
  for (let depth = 0; depth < ANCESTORS && next !== undefined; depth++) {
    const { result: properties, internalProperties = [] } = await own(next, target);
    next = internalProperties.find(({ name }) => name === "[[Prototype]]")?.value?.objectId;
    if (next !== undefined || depth === 0) found.push(...properties);
  }
  return found;
}

function own(objectId: string | undefined, target: CdpTarget): Promise<Runtime.GetPropertiesReturnType> {
  return objectId === undefined
    ? Promise.resolve({ result: [] })
    : target.send("Runtime.getProperties", { objectId, ownProperties: true });
}
