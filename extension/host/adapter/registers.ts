/** The machine's registers in the Variables view: looked at by peek, so a look changes nothing. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { FieldView, FunctionView, RegisterView } from "../../../emulator/machine/views";
import type { Handles } from "./handles";

type Variable = DebugProtocol.Variable;
const READ_ONLY = { attributes: ["readOnly"] };

export function registerScope(handles: Handles): DebugProtocol.Scope {
  const variablesReference = handles.add({ kind: "functions" });
  return { name: "PCIe", presentationHint: "registers", variablesReference, expensive: true };
}

export function functionVariables(functions: readonly FunctionView[], handles: Handles): Variable[] {
  return functions.map((view) => ({
    name: view.name,
    value: `${view.bdf} ${view.title}`,
    variablesReference: handles.add({ kind: "function", view }),
    presentationHint: READ_ONLY,
  }));
}

export function registerVariables(view: FunctionView, handles: Handles): Variable[] {
  return registersOf(view).map((register) => registerVariable(register, handles));
}

export function fieldVariables(view: RegisterView): Variable[] {
  return view.fields.map((field) => ({
    name: field.name,
    value: fieldValue(field),
    type: field.access,
    variablesReference: 0,
    presentationHint: READ_ONLY,
  }));
}

/** `edu.STATUS`, of any function of the machine. */
export function findRegister(functions: readonly FunctionView[], id: string): RegisterView | undefined {
  return functions.flatMap(registersOf).find((register) => register.id === id);
}

export function registerVariable(view: RegisterView, handles: Handles): Variable {
  const variablesReference = view.fields.length > 0 ? handles.add({ kind: "register", view }) : 0;
  return {
    name: view.name,
    value: view.value,
    type: `${view.access}, ${view.width} bit`,
    evaluateName: view.id,
    variablesReference,
    presentationHint: READ_ONLY,
    ...(view.physical === undefined ? {} : { memoryReference: view.physical }),
  };
}

function registersOf(view: FunctionView): readonly RegisterView[] {
  return [...view.bars.flatMap(({ registers }) => registers), ...view.config];
}

function fieldValue({ value, meaning, bits: [msb, lsb] }: FieldView): string {
  const where = msb === lsb ? `[${msb}]` : `[${msb}:${lsb}]`;
  return meaning === undefined ? `${value} ${where}` : `${value} ${meaning} ${where}`;
}
