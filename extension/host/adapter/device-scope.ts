/** The machine's scopes: the device that the driver is about, with all that Linux made for it, and the whole machine. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { FunctionView, LinuxState } from "../../../emulator/machine/views";
import type { Handles } from "./handles";
import { fact, functionVariables, group } from "./registers";
import type { Stop } from "./stop";

type Variable = DebugProtocol.Variable;

interface Seen {
  readonly functions: readonly FunctionView[];
  readonly linux: LinuxState;
}

/** `Device edu`, and `PCIe`: all of it. */
export function machineScopes(current: FunctionView | undefined, handles: Handles): DebugProtocol.Scope[] {
  const scope = (name: string, variablesReference: number) =>
    ({ name, presentationHint: "registers", variablesReference, expensive: true }) as const;
  const device =
    current && scope(`Device ${current.name}`, handles.add({ kind: "device", bdf: current.bdf }));
  return [...(device ? [device] : []), scope("PCIe", handles.add({ kind: "functions" }))];
}

/** The device whose register stopped the driver, else the one that has the driver. */
export function currentDevice(
  functions: readonly FunctionView[],
  stop: Stop | undefined,
): FunctionView | undefined {
  const [touched] = stop?.hit?.target.split(".") ?? [];
  return functions.find(({ name }) => name === touched) ?? functions.find(isDriven);
}

/** Devices that have a driver first. */
export function machineVariables(seen: Seen, handles: Handles): Variable[] {
  const sorted = seen.functions.toSorted((a, b) => Number(isDriven(b)) - Number(isDriven(a)));
  return [
    ...sorted.map((view) => ({
      name: view.name,
      value: `${view.bdf} ${view.title}`,
      variablesReference: handles.add({ kind: "function", view }),
      presentationHint: { attributes: ["readOnly"] },
    })),
    ...ofLinux(seen.linux, { handles, owners: undefined }),
  ];
}

/** One device: its registers, and what Linux made for its driver. */
export function deviceVariables(
  view: FunctionView,
  known: { linux: LinuxState; handles: Handles; capabilities: readonly Variable[] },
): Variable[] {
  const { linux, handles } = known;
  const owners = [view.bdf, view.driver ?? "", "ioremap"];
  return [...functionVariables(view, known), ...ofLinux(linux, { handles, owners })];
}

/** `owners`: whose mappings and buffers; absent for everybody's. */
function ofLinux(
  { mappings, interrupts }: LinuxState,
  { handles, owners }: { handles: Handles; owners: readonly string[] | undefined },
): Variable[] {
  const ours = ({ owner }: { readonly owner: string }) => owners?.includes(owner) !== false;
  const mapped = mappings
    .filter(ours)
    .map(({ virtual, physical, bytes, memoryType, owner }) =>
      fact(virtual, `${physical}, ${bytes} bytes, ${memoryType}, ${owner}`, virtual),
    );
  const handled = interrupts.map(({ irq, name, count, kind }) => fact(`${irq}`, `${count} ${kind} ${name}`));
  return [group("mappings", mapped, handles), group("interrupts", handled, handles)];
}

/** The port driver of a bridge is not what a person debugs. */
function isDriven({ kind, driver }: FunctionView): boolean {
  return kind === "endpoint" && driver !== undefined;
}
