/** Everything a person looks at while the driver is stopped, and the registers at any time. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { RegisterView } from "../../../emulator/machine/views";
import type { Control } from "../control";
import { evaluateIn } from "./evaluate";
import { exceptionInfo } from "./exception-info";
import {
  fieldVariables,
  findRegister,
  functionVariables,
  registerScope,
  registerVariable,
  registerVariables,
} from "./registers";
import type { SessionRun } from "./session-run";
import { frameOf } from "./stack";
import { assign, properties, scopes, shown } from "./variables";
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
        return { variables: functionVariables(this.#functions, handles) };
      case "function":
        return { variables: registerVariables(container.view, handles) };
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
    if (!("objectId" in container)) throw new Error("A register is written by the driver, not here.");
    const callFrameId = "callFrameId" in container ? container.callFrameId : this.#frame(undefined);
    const value = await evaluateIn(callFrameId, { expression: asked.value, context: "setVariable" }, target);
    await assign(container, { name: asked.name, value }, target);
    return shown(value, { handles, format: asked.format ?? {} });
  }

  /** A register's name is a peek and works in every phase; everything else is the driver's own language. */
  async evaluate(asked: DebugProtocol.EvaluateArguments): Promise<DebugProtocol.EvaluateResponse["body"]> {
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

  readMemory(asked: DebugProtocol.ReadMemoryArguments): DebugProtocol.ReadMemoryResponse["body"] {
    const { memoryReference, offset = 0, count } = asked;
    const start = BigInt(memoryReference) + BigInt(offset);
    const address = `0x${start.toString(16)}`;
    if (count === 0) return { address, data: "" };
    const { bytes, unreadable } = this.#control.inspection.peek(address, count);
    return {
      address,
      data: Buffer.from(bytes).toString("base64"),
      ...(unreadable > 0 ? { unreadableBytes: unreadable } : {}),
    };
  }

  /** Asked at every right click: fast, and without an effect. */
  dataBreakpointInfo(
    asked: DebugProtocol.DataBreakpointInfoArguments,
  ): DebugProtocol.DataBreakpointInfoResponse["body"] {
    const { name, variablesReference, asAddress, bytes } = asked;
    if (asAddress) return addressInfo(name, bytes);
    const container = variablesReference ? this.#run.handles.get(variablesReference) : undefined;
    const id = container?.kind === "function" ? `${container.view.name}.${name}` : name;
    const fits = container === undefined || container.kind === "function";
    if (fits && this.#register(id)) return registerInfo(id);
    return noInfo(`${name} is a value of the driver: registers and addresses can be watched.`);
  }

  get #functions() {
    return this.#control.inspection.functions(this.#control.linux);
  }

  #register(text: string): RegisterView | undefined {
    return /^[\w:-]+\.\w+$/.test(text) ? findRegister(this.#functions, text) : undefined;
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
