/** Scopes and variables of a stopped driver. */
import type { Debugger, Runtime } from "node:inspector";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CdpTarget } from "../cdp";
import type { Container, Handles } from "./handles";
import { driversView, kernelValue } from "./kernel-values";
import { liveScope } from "./live-scope";
import { type Format, printed } from "./values";

type ObjectContainer = Extract<Container, { readonly objectId: string }>;

/** V8's scope types in the words of the Variables view; the others are the runtime's business. */
const TITLES: Partial<Record<Debugger.Scope["type"], string>> = {
  local: "Local",
  block: "Block",
  catch: "Catch",
  closure: "Closure",
  module: "Module",
};

export function scopes(frame: Debugger.CallFrame, handles: Handles): DebugProtocol.Scope[] {
  return frame.scopeChain.flatMap(({ type, object, name }, scopeNumber) => {
    const title = TITLES[type];
    if (title === undefined || object.objectId === undefined) return [];
    const container = {
      kind: "scope",
      objectId: object.objectId,
      callFrameId: frame.callFrameId,
      scopeNumber,
      inner: frame.scopeChain.slice(0, scopeNumber).flatMap(({ object: { objectId } }) => objectId ?? []),
    } as const;
    const hint = type === "local" ? { presentationHint: "locals" } : {};
    const full = type === "closure" && name ? `${title} (${name})` : title;
    return [{ name: full, variablesReference: handles.add(container), expensive: false, ...hint }];
  });
}

/** Getters are not called: a look must not run the driver's code. */
export async function properties(
  container: ObjectContainer,
  known: { target: CdpTarget; handles: Handles; format: Format },
): Promise<DebugProtocol.Variable[]> {
  const { target } = known;
  const all =
    container.kind === "scope" ? await liveScope(container, target) : await membersOf(container, target);
  const shown = all.filter(({ value, get }) => value !== undefined || get !== undefined);
  const [functions, values] = [shown.filter(isFunction), shown.filter((property) => !isFunction(property))];
  return [...values, ...functions].map((property) => variable(property, known));
}

async function membersOf(
  container: Extract<ObjectContainer, { readonly kind: "object" }>,
  target: CdpTarget,
): Promise<readonly Runtime.PropertyDescriptor[]> {
  const { objectId } = container.pciDev ? await driversView(container, target) : container;
  const asked = { objectId, ownProperties: true, generatePreview: true };
  const { result, ...rest } = await target.send("Runtime.getProperties", asked);
  const { privateProperties = [] } = rest as { privateProperties?: Runtime.PropertyDescriptor[] };
  return [...result, ...privateProperties];
}

/** Shown last: what is imported fills a module's scope. */
function isFunction({ value }: Runtime.PropertyDescriptor): boolean {
  return value?.type === "function";
}

function variable(
  { name, value, enumerable = true }: Runtime.PropertyDescriptor,
  known: { handles: Handles; format: Format },
): DebugProtocol.Variable {
  if (!value)
    return { name, value: "(getter)", variablesReference: 0, presentationHint: { attributes: ["readOnly"] } };
  const hint = enumerable ? {} : { presentationHint: { visibility: "internal" as const } };
  return { name, ...shown(value, known), evaluateName: name, ...hint };
}

export function shown(
  value: Runtime.RemoteObject,
  { handles, format }: { handles: Handles; format: Format },
): { value: string; type: string; variablesReference: number } {
  const { objectId } = value;
  const kernel = kernelValue(value);
  const opens = objectId !== undefined && value.type !== "function" && kernel?.opaque !== true;
  const pciDev = kernel?.type === "struct pci_dev";
  const variablesReference = opens ? handles.add({ kind: "object", objectId, pciDev }) : 0;
  const type = kernel?.type ?? value.className ?? value.subtype ?? value.type;
  return { value: kernel?.text ?? printed(value, format), type, variablesReference };
}

export async function assign(
  container: ObjectContainer,
  change: { name: string; value: Runtime.RemoteObject },
  target: CdpTarget,
): Promise<void> {
  const newValue = argument(change.value);
  if (container.kind === "scope") {
    const { scopeNumber, callFrameId } = container;
    await target.send("Debugger.setVariableValue", {
      scopeNumber,
      variableName: change.name,
      newValue,
      callFrameId,
    });
    return;
  }
  await target.send("Runtime.callFunctionOn", {
    objectId: container.objectId,
    functionDeclaration: "function (name, value) { this[name] = value; }",
    arguments: [{ value: change.name }, newValue],
  });
}

function argument({ objectId, unserializableValue, value }: Runtime.RemoteObject): Runtime.CallArgument {
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value } : { unserializableValue };
}
