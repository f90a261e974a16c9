/** The variables of a scope as they are now: what V8 sends with a stop is a copy, which no later change reaches. */
import type { Runtime } from "node:inspector";
import type { CdpTarget } from "../cdp";
import type { Container } from "./handles";

type Property = Runtime.PropertyDescriptor;
type Scope = Extract<Container, { readonly kind: "scope" }>;

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const UNDEFINED: Runtime.RemoteObject = { type: "undefined" };

/**
 * Before its declaration has run, a variable is undefined here: some versions of V8 say so, others leave its value out.
 * One that an inner scope hides cannot be asked for, and is shown as it was.
 */
export async function liveScope(
  { objectId, callFrameId, inner }: Scope,
  target: CdpTarget,
): Promise<Property[]> {
  const [known, ...hiding] = await Promise.all([objectId, ...inner].map((id) => listed(id, target)));
  const hidden = new Set(hiding.flat().map(({ name }) => name));
  const asked = (known ?? []).map(({ name }) => name).filter((name) => NAME.test(name) && !hidden.has(name));
  const now = await readAll(asked, { callFrameId, target });
  return (known ?? []).map((property) => ({
    ...property,
    value: now.get(property.name) ?? property.value ?? UNDEFINED,
  }));
}

async function listed(objectId: string, target: CdpTarget): Promise<Property[]> {
  const asked = { objectId, ownProperties: true, generatePreview: true };
  return (await target.send("Runtime.getProperties", asked)).result;
}

async function readAll(
  names: readonly string[],
  { callFrameId, target }: { callFrameId: string; target: CdpTarget },
): Promise<ReadonlyMap<string, Runtime.RemoteObject>> {
  const reads = names.map((name) => `try { now.${name} = ${name} } catch {}`);
  const { result } = await target.send("Debugger.evaluateOnCallFrame", {
    callFrameId,
    expression: `(() => { const now = {}; ${reads.join("; ")}; return now; })()`,
    silent: true,
    throwOnSideEffect: true,
  });
  const values = result.objectId === undefined ? [] : await listed(result.objectId, target);
  return new Map(values.flatMap(({ name, value }) => (value ? [[name, value] as const] : [])));
}
