/** Registers, fields and BARs in the Variables view. Looked at by peek, so a look changes nothing. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { BarView, FieldView, FunctionView, RegisterView } from "../../../emulator/machine/views";
import type { Fact, Handles } from "./handles";

type Variable = DebugProtocol.Variable;
const READ_ONLY = { attributes: ["readOnly"] };
const WRITE_ONLY = "write-only";
/** What VS Code's menus know it by (debug/variables/context). */
const MENU = { __vscodeVariableMenuContext: "rootport.register" };

/** A function's own registers, its BARs, and configuration space: the header, and each capability. */
export function functionVariables(
  view: FunctionView,
  { handles, capabilities }: { handles: Handles; capabilities: readonly Variable[] },
): Variable[] {
  const registers = view.bars.flatMap((bar) => bar.registers);
  return [
    ...registers.map((register) => registerVariable(register, handles)),
    group(
      "BARs",
      view.bars.map((bar) => barFact(view.name, bar)),
      handles,
    ),
    {
      name: "config",
      value: `${view.config.length} registers`,
      variablesReference: handles.add({ kind: "registers", views: view.config }),
      presentationHint: READ_ONLY,
    },
    group("capabilities", capabilities, handles),
  ];
}

export function fieldVariables(view: RegisterView): Variable[] {
  return view.fields.map((field) => ({
    name: field.name,
    value: fieldValue(field),
    type: field.access,
    evaluateName: `${view.id}.${field.name}`,
    variablesReference: 0,
    ...MENU,
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
    value: view.access === "wo" ? WRITE_ONLY : view.value,
    type: `${view.access}, ${view.width} bit`,
    evaluateName: view.id,
    variablesReference,
    ...MENU,
    ...(view.access === "ro" ? { presentationHint: READ_ONLY } : {}),
    ...(view.physical === undefined ? {} : { memoryReference: view.physical }),
  };
  if (!view.readSideEffect) return whole;
  const lazy = handles.add({ kind: "facts", variables: [whole] });
  const presentationHint = { lazy: true, attributes: ["hasSideEffects"] };
  return { ...whole, value: "a read changes it", variablesReference: lazy, presentationHint };
}

function barFact(device: string, { index, kind, size, physical, decoding, why }: BarView): Fact {
  const where = physical ?? "no address";
  const value = `${kind}, ${size} bytes at ${where}${decoding ? "" : `, dead: ${why ?? ""}`}`;
  return fact(`BAR${index}`, { value, memory: physical, watch: `${device}.BAR${index}` });
}

export function group(name: string, variables: readonly Fact[], handles: Handles): Variable {
  const variablesReference = variables.length > 0 ? handles.add({ kind: "facts", variables }) : 0;
  return { name, value: `${variables.length}`, variablesReference, presentationHint: READ_ONLY };
}

interface Told {
  readonly value: string;
  /** Where the hex view opens it. */
  readonly memory?: string | undefined;
  readonly watch?: string;
}

export function fact(name: string, { value, memory, watch }: Told): Fact {
  return {
    name,
    value,
    variablesReference: 0,
    presentationHint: READ_ONLY,
    ...(memory !== undefined && { memoryReference: memory }),
    ...(watch !== undefined && { watch }),
  };
}

function fieldValue({ value, meaning, bits: [msb, lsb] }: FieldView): string {
  const where = msb === lsb ? `[${msb}]` : `[${msb}:${lsb}]`;
  return meaning === undefined ? `${value} ${where}` : `${value} ${meaning} ${where}`;
}
