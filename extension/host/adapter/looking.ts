/** Everything a person looks at while the driver is stopped, and the registers at any time. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Hex, RegisterView } from "../../../emulator/machine/views";
import type { Control } from "../control";
import { evaluateIn } from "./evaluate";
import { exceptionInfo } from "./exception-info";
import type { Container } from "./handles";
import {
  allRegisters,
  fieldVariables,
  findRegister,
  functionVariables,
  machineVariables,
  registerScope,
  registerVariable,
} from "./registers";
import type { SessionRun } from "./session-run";
import { frameOf } from "./stack";
import { assign, properties, scopes, shown } from "./variables";
import { completions, obey } from "./verbs";
import { addressInfo, noInfo, registerInfo } from "./watchpoints";

export class Looking {
  readonly #control: Control;
  readonly #run: SessionRun;

  constructor(control: Control, run: SessionRun) {
    this.#control = control;
    this.#run = run;
  }

  scopes({ frameId }: DebugProtocol.ScopesArguments): DebugProtocol.ScopesResponse["body"] {
    const { handles, stopped } = this.#run;
    const frame = frameOf(stopped, frameId);
    return { scopes: frame ? [...scopes(frame, handles), registerScope(handles)] : [] };
  }

  async variables(asked: DebugProtocol.VariablesArguments): Promise<DebugProtocol.VariablesResponse["body"]> {
    const { handles } = this.#run;
    const container = handles.get(asked.variablesReference);
    switch (container.kind) {
      case "functions":
        return {
          variables: machineVariables({ functions: this.#functions, linux: this.#control.linux }, handles),
        };
      case "function":
        return { variables: functionVariables(container.view, handles) };
      case "registers":
        return { variables: container.views.map((view) => registerVariable(view, handles)) };
      case "facts":
        return { variables: [...container.variables] };
      case "register":
        return { variables: fieldVariables(container.view) };
      default:
        return { variables: await properties(container, { ...this.#debugger, format: asked.format ?? {} }) };
    }
  }

  async setVariable(
    asked: DebugProtocol.SetVariableArguments,
  ): Promise<DebugProtocol.SetVariableResponse["body"]> {
    const { handles, target } = this.#debugger;
    const container = handles.get(asked.variablesReference);
    if (!("objectId" in container)) return this.#write(asked, container);
    const callFrameId = "callFrameId" in container ? container.callFrameId : this.#frame(undefined);
    const value = await evaluateIn(callFrameId, { expression: asked.value, context: "setVariable" }, target);
    await assign(container, { name: asked.name, value }, target);
    return shown(value, { handles, format: asked.format ?? {} });
  }

  /** A register's name is a peek and works in every phase; everything else is the driver's own language. */
  async evaluate(asked: DebugProtocol.EvaluateArguments): Promise<DebugProtocol.EvaluateResponse["body"]> {
    const answer = asked.context === "repl" ? await obey(this.#control, asked.expression) : undefined;
    if (answer !== undefined) return { result: answer, variablesReference: 0 };
    const register = this.#register(asked.expression);
    if (register) return registerResult(register, this.#run);
    const { handles, target } = this.#debugger;
    const value = await evaluateIn(
      this.#frame(asked.frameId),
      { expression: asked.expression, context: asked.context },
      target,
    );
    const { value: result, ...rest } = shown(value, { handles, format: asked.format ?? {} });
    return { result, ...rest };
  }

  exceptionInfo(): DebugProtocol.ExceptionInfoResponse["body"] {
    return exceptionInfo(this.#run.stopped, (address) => this.#control.translate(address).sentence);
  }

  completions(asked: DebugProtocol.CompletionsArguments): DebugProtocol.CompletionsResponse["body"] {
    return { targets: completions(asked, allRegisters(this.#functions)) };
  }

  /** Asked at every right click: fast, and without an effect. */
  dataBreakpointInfo(
    asked: DebugProtocol.DataBreakpointInfoArguments,
  ): DebugProtocol.DataBreakpointInfoResponse["body"] {
    const { name, variablesReference, asAddress, bytes } = asked;
    if (asAddress) return addressInfo(name, bytes);
    const container = variablesReference ? this.#run.handles.get(variablesReference) : undefined;
    const id = container === undefined ? name : idOf(container, name);
    if (id !== undefined && this.#register(id.split(".", id.includes(".config.") ? 3 : 2).join(".")))
      return registerInfo(id);
    return noInfo(`${name} is a value of the driver: registers and addresses can be watched.`);
  }

  /** Over the bus, as the driver's own write: the console's `poke` goes past it. */
  async #write(
    { name, value }: DebugProtocol.SetVariableArguments,
    container: Container,
  ): Promise<DebugProtocol.SetVariableResponse["body"]> {
    const id = idOf(container, name);
    if (id === undefined) throw new Error(`${name} is worked out, not stored: it cannot be changed.`);
    return { value: await this.#control.touch({ verb: "write", at: id, value: value.trim() as Hex }) };
  }

  get #functions() {
    return this.#control.inspection.functions(this.#control.linux);
  }

  #register(text: string): RegisterView | undefined {
    return /^[\w:-]+(\.config)?\.\w+$/.test(text) ? findRegister(this.#functions, text) : undefined;
  }

  get #debugger() {
    const { handles, target } = this.#run;
    if (!target) throw new Error("The driver does not run under the debugger.");
    return { handles, target };
  }

  #frame(id: number | undefined): string {
    const frame = frameOf(this.#run.stopped, id);
    if (!frame) throw new Error("The driver runs: pause it first.");
    return frame.callFrameId;
  }
}

function registerResult(
  register: RegisterView,
  { handles }: SessionRun,
): DebugProtocol.EvaluateResponse["body"] {
  const { value, type, variablesReference, memoryReference } = registerVariable(register, handles);
  return {
    result: value,
    variablesReference,
    ...(type === undefined ? {} : { type }),
    ...(memoryReference === undefined ? {} : { memoryReference }),
  };
}

/** What placeOf and watchpoints call a variable of the machine. */
function idOf(container: Container, name: string): string | undefined {
  if (container.kind === "function")
    return container.view.bars.flatMap(({ registers }) => registers).find((it) => it.name === name)?.id;
  if (container.kind === "registers") return container.views.find((it) => it.name === name)?.id;
  return container.kind === "register" ? `${container.view.id}.${name}` : undefined;
}
