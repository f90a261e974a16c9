/** The machine's scopes: the device that the driver is about, with all that Linux made for it, and the whole machine. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type {
  DmaBufferView,
  FunctionView,
  InterruptView,
  LinuxState,
  MappingView,
} from "../../../emulator/machine/views";
import type { Fact, Handles } from "./handles";
import { fact, functionVariables, group } from "./registers";
import type { Stop } from "./stop";

type Variable = DebugProtocol.Variable;

/** Of bridges: no driver that a person debugs asks for them. */
const PORT_SERVICES = new Set(["pciehp", "aerdrv", "PCIe PME", "pcie-dpc"]);

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
  { mappings, interrupts, dma }: LinuxState,
  { handles, owners }: { handles: Handles; owners: readonly string[] | undefined },
): Variable[] {
  const ours = ({ owner }: { readonly owner: string }) => owners?.includes(owner) !== false;
  const handled = interrupts.filter(({ name }) => owners === undefined || !PORT_SERVICES.has(name));
  return [
    group("mappings", mappings.filter(ours).map(mappingFact), handles),
    group("interrupts", handled.map(interruptFact), handles),
    group("DMA buffers", dma.filter(ours).map(dmaFact), handles),
  ];
}

function mappingFact({ virtual, physical, bytes, memoryType, owner }: MappingView): Fact {
  const value = `${physical}, ${bytes} bytes, ${memoryType}, ${owner}`;
  return fact(virtual, { value, memory: virtual, watch: `${virtual}+${bytes}` });
}

function interruptFact({ irq, name, count, kind }: InterruptView): Fact {
  return fact(`${irq}`, { value: `${count} ${kind} ${name}` });
}

/** Watched where the device reaches it: the CPU's accesses to the same memory are seen, too. */
function dmaFact({ handle, virtual, physical, bytes, kind, direction, bdf }: DmaBufferView): Fact {
  const value = `${bytes} bytes, ${kind}, ${direction}, at ${virtual} for the driver, ${physical ?? "scattered"} in memory`;
  return fact(handle, { value, memory: virtual, watch: `iova@${bdf}:${handle}+${bytes}` });
}

/** The port driver of a bridge is not what a person debugs. */
function isDriven({ kind, driver }: FunctionView): boolean {
  return kind === "endpoint" && driver !== undefined;
}
