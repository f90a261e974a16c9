/** The machine in the Variables view: registers and their fields, BARs, mappings, interrupts. Looked at by peek, so a look changes nothing. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type {
  BarView,
  FieldView,
  FunctionView,
  LinuxState,
  RegisterView,
} from "../../../emulator/machine/views";
import type { Handles } from "./handles";

type Variable = DebugProtocol.Variable;
const READ_ONLY = { attributes: ["readOnly"] };

export function registerScope(handles: Handles): DebugProtocol.Scope {
  const variablesReference = handles.add({ kind: "functions" });
  return { name: "PCIe", presentationHint: "registers", variablesReference, expensive: true };
}

/** Devices that have a driver first; the port driver of a bridge is not what a person debugs. */
export function machineVariables(
  { functions, linux }: { functions: readonly FunctionView[]; linux: LinuxState },
  handles: Handles,
): Variable[] {
  const driven = ({ kind, driver }: FunctionView) => Number(kind === "endpoint" && driver !== undefined);
  const sorted = functions.toSorted((a, b) => driven(b) - driven(a));
  const mappings = linux.mappings.map(({ virtual, physical, bytes, memoryType, owner }) =>
    fact(virtual, `${physical}, ${bytes} bytes, ${memoryType}, ${owner}`, virtual),
  );
  const interrupts = linux.interrupts.map(({ irq, name, count, kind }) =>
    fact(`${irq}`, `${count} ${kind} ${name}`),
  );
  return [
    ...sorted.map((view) => ({
      name: view.name,
      value: `${view.bdf} ${view.title}`,
      variablesReference: handles.add({ kind: "function", view }),
      presentationHint: READ_ONLY,
    })),
    group("mappings", mappings, handles),
    group("interrupts", interrupts, handles),
  ];
}

export function functionVariables(view: FunctionView, handles: Handles): Variable[] {
  const registers = view.bars.flatMap((bar) => bar.registers);
  return [
    ...registers.map((register) => registerVariable(register, handles)),
    group("BARs", view.bars.map(barVariable), handles),
    {
      name: "config",
      value: `${view.config.length} registers`,
      variablesReference: handles.add({ kind: "registers", views: view.config }),
      presentationHint: READ_ONLY,
    },
  ];
}

export function fieldVariables(view: RegisterView): Variable[] {
  return view.fields.map((field) => ({
    name: field.name,
    value: fieldValue(field),
    type: field.access,
    evaluateName: `${view.id}.${field.name}`,
    variablesReference: 0,
    ...(field.access === "ro" ? { presentationHint: READ_ONLY } : {}),
  }));
}

/** `edu.STATUS`, `edu.config.COMMAND`, of any function of the machine. */
export function findRegister(functions: readonly FunctionView[], id: string): RegisterView | undefined {
  return allRegisters(functions).find((register) => register.id === id);
}

export function allRegisters(functions: readonly FunctionView[]): readonly RegisterView[] {
  return functions.flatMap(({ bars, config }) => [...bars.flatMap(({ registers }) => registers), ...config]);
}

/** One that a read changes is not even shown before it is asked for; what is shown then is still a look. */
export function registerVariable(view: RegisterView, handles: Handles): Variable {
  const variablesReference = view.fields.length > 0 ? handles.add({ kind: "register", view }) : 0;
  const whole = {
    name: view.name,
    value: view.value,
    type: `${view.access}, ${view.width} bit`,
    evaluateName: view.id,
    variablesReference,
    ...(view.access === "ro" ? { presentationHint: READ_ONLY } : {}),
    ...(view.physical === undefined ? {} : { memoryReference: view.physical }),
  };
  if (!view.readSideEffect) return whole;
  const lazy = handles.add({ kind: "facts", variables: [whole] });
  const presentationHint = { lazy: true, attributes: ["hasSideEffects"] };
  return { ...whole, value: "a read changes it", variablesReference: lazy, presentationHint };
}

function barVariable({ index, kind, size, physical, decoding, why }: BarView): Variable {
  const where = physical ?? "no address";
  return fact(
    `BAR${index}`,
    `${kind}, ${size} bytes at ${where}${decoding ? "" : `, dead: ${why ?? ""}`}`,
    physical,
  );
}

function group(name: string, variables: readonly Variable[], handles: Handles): Variable {
  const variablesReference = variables.length > 0 ? handles.add({ kind: "facts", variables }) : 0;
  return { name, value: `${variables.length}`, variablesReference, presentationHint: READ_ONLY };
}

function fact(name: string, value: string, memoryReference?: string): Variable {
  const memory = memoryReference === undefined ? {} : { memoryReference };
  return { name, value, variablesReference: 0, presentationHint: READ_ONLY, ...memory };
}

function fieldValue({ value, meaning, bits: [msb, lsb] }: FieldView): string {
  const where = msb === lsb ? `[${msb}]` : `[${msb}:${lsb}]`;
  return meaning === undefined ? `${value} ${where}` : `${value} ${meaning} ${where}`;
}
