/** What a person opens and edits while the driver is stopped: scopes, variables, registers. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { formatAdvice } from "../../../emulator/formats/explanation";
import type { FunctionView, Hex, RegisterView } from "../../../emulator/machine/views";
import type { Control } from "../control";
import { registerOf } from "./asking";
import { capabilityVariables } from "./capability-variables";
import { currentDevice, deviceVariables, machineScopes, machineVariables } from "./device-scope";
import { evaluateIn } from "./evaluate";
import { exceptionInfo } from "./exception-info";
import type { Container } from "./handles";
import { fieldVariables, findRegister, functionVariables, registerVariable } from "./registers";
import type { SessionRun } from "./session-run";
import { frameOf } from "./stack";
import { assign, properties, scopes, shown } from "./variables";
import { addressInfo, noInfo, placeInfo, registerInfo } from "./watchpoints";

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
    if (!frame) return { scopes: [] };
    const current = currentDevice(this.#functions, stopped);
    return { scopes: [...scopes(frame, handles), ...machineScopes(current, handles)] };
  }

  async variables(asked: DebugProtocol.VariablesArguments): Promise<DebugProtocol.VariablesResponse["body"]> {
    const container = this.#run.handles.get(asked.variablesReference);
    if (!("objectId" in container)) return { variables: this.#machine(container) };
    return { variables: await properties(container, { ...this.#run.debugger, format: asked.format ?? {} }) };
  }

  async setVariable(
    asked: DebugProtocol.SetVariableArguments,
  ): Promise<DebugProtocol.SetVariableResponse["body"]> {
    const { handles, target } = this.#run.debugger;
    const container = handles.get(asked.variablesReference);
    if (!("objectId" in container)) return this.#write(asked, container);
    const callFrameId = "callFrameId" in container ? container.callFrameId : this.#frame;
    const value = await evaluateIn(callFrameId, { expression: asked.value, context: "setVariable" }, target);
    await assign(container, { name: asked.name, value }, target);
    return shown(value, { handles, format: asked.format ?? {} });
  }

  exceptionInfo(): DebugProtocol.ExceptionInfoResponse["body"] {
    return exceptionInfo(this.#run.stopped, (address) => {
      const advice = formatAdvice(this.#control.inspection.explain(address, { linux: this.#control.linux }));
      return `${this.#control.translate(address).sentence}. ${advice}`.trim();
    });
  }

  /** Asked at every right click: fast, and without an effect. */
  dataBreakpointInfo(
    asked: DebugProtocol.DataBreakpointInfoArguments,
  ): DebugProtocol.DataBreakpointInfoResponse["body"] {
    const { name, variablesReference, asAddress, bytes } = asked;
    if (asAddress) return addressInfo(name, bytes);
    const container = variablesReference ? this.#run.handles.get(variablesReference) : undefined;
    const fact = container?.kind === "facts" && container.variables.find((it) => it.name === name);
    if (fact && fact.watch !== undefined) return placeInfo(fact.watch);
    const id = container === undefined ? name : this.#idOf(container, name);
    if (id !== undefined && findRegister(this.#functions, registerOf(id))) return registerInfo(id);
    return noInfo(`${name} is a value of the driver: registers and addresses can be watched.`);
  }

  #machine(container: Exclude<Container, { readonly objectId: string }>): DebugProtocol.Variable[] {
    const { handles } = this.#run;
    const { linux } = this.#control;
    switch (container.kind) {
      case "functions":
        return machineVariables({ functions: this.#functions, linux }, handles);
      case "device": {
        const view = this.#device(container.bdf);
        return view ? deviceVariables(view, { linux, handles, capabilities: this.#capabilities(view) }) : [];
      }
      case "function": {
        const { view } = container;
        return functionVariables(view, { handles, capabilities: this.#capabilities(view) });
      }
      case "registers":
        return container.views.map((view) => registerVariable(view, handles));
      case "register":
        return fieldVariables(container.view);
      case "facts":
        return container.variables.map(({ watch: _, ...variable }) => variable);
    }
  }

  /** Over the bus, as the driver's own write: `poke`, in the menu and in the console, goes past it. */
  async #write(
    { name, value }: DebugProtocol.SetVariableArguments,
    container: Container,
  ): Promise<DebugProtocol.SetVariableResponse["body"]> {
    const id = this.#idOf(container, name);
    if (id === undefined) throw new Error(`${name} is worked out, not stored: it cannot be changed.`);
    return { value: await this.#control.touch({ verb: "write", at: id, value: value.trim() as Hex }) };
  }

  /** What placeOf and watchpoints call a variable of the machine. */
  #idOf(container: Container, name: string): string | undefined {
    if (container.kind === "register") return `${container.view.id}.${name}`;
    return this.#registersIn(container).find((it) => it.name === name)?.id;
  }

  #registersIn(container: Container): readonly RegisterView[] {
    if (container.kind === "registers") return container.views;
    const view = container.kind === "device" ? this.#device(container.bdf) : undefined;
    const shown = container.kind === "function" ? container.view : view;
    return shown?.bars.flatMap(({ registers }) => registers) ?? [];
  }

  #capabilities(view: FunctionView): DebugProtocol.Variable[] {
    return capabilityVariables(view, { control: this.#control, handles: this.#run.handles });
  }

  #device(bdf: string): FunctionView | undefined {
    return this.#functions.find((view) => view.bdf === bdf);
  }

  get #functions() {
    return this.#control.inspection.functions(this.#control.linux);
  }

  get #frame(): string {
    const frame = frameOf(this.#run.stopped, undefined);
    if (!frame) throw new Error("The driver runs: pause it first.");
    return frame.callFrameId;
  }
}
