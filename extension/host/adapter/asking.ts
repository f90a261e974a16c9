/** Expressions that a person types: registers by name at any time, the machine's verbs in the console, all else the driver's own language. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Touch } from "../../../emulator/machine/touch";
import type { Hex, RegisterView } from "../../../emulator/machine/views";
import type { Control } from "../control";
import { driverCompletions } from "./driver-completions";
import { evaluateIn } from "./evaluate";
import { fieldVariables, findRegister, registerVariable } from "./registers";
import type { SessionRun } from "./session-run";
import { frameOf } from "./stack";
import { shown } from "./variables";
import { completions, obey } from "./verbs";

export class Asking {
  readonly #control: Control;
  readonly #run: SessionRun;

  constructor(control: Control, run: SessionRun) {
    this.#control = control;
    this.#run = run;
  }

  /** A register's name is a peek and works in every phase. */
  async evaluate(asked: DebugProtocol.EvaluateArguments): Promise<DebugProtocol.EvaluateResponse["body"]> {
    const answer = asked.context === "repl" ? await obey(this.#control, asked.expression) : undefined;
    if (answer !== undefined) return { result: answer, variablesReference: 0 };
    const register = this.#register(asked.expression);
    if (register) return this.#shownRegister(register);
    const field = this.#field(asked.expression);
    if (field) return { result: field.value, variablesReference: 0, ...(field.type && { type: field.type }) };
    const { expression, context, frameId, format = {} } = asked;
    const { target, handles } = this.#run.debugger;
    const value = await evaluateIn(this.#frame(frameId), { expression, context }, target);
    const { value: result, ...rest } = shown(value, { handles, format });
    return { result, ...rest };
  }

  /** A register is written over the bus, as the driver's own write; anything else is assigned. */
  async setExpression({
    expression,
    value,
    frameId,
    format = {},
  }: DebugProtocol.SetExpressionArguments): Promise<DebugProtocol.SetExpressionResponse["body"]> {
    if (this.#register(registerOf(expression)))
      return {
        value: await this.#control.touch({ verb: "write", at: expression, value: value.trim() as Hex }),
      };
    const { target, handles } = this.#run.debugger;
    const assignment = { expression: `${expression} = (${value})`, context: "setVariable" };
    return shown(await evaluateIn(this.#frame(frameId), assignment, target), { handles, format });
  }

  /** What a menu asks for: a write over the bus, or a poke past it. */
  async touch(wish: Touch): Promise<{ value: Hex }> {
    return { value: await this.#control.touch(wish) };
  }

  /** The machine's names first, then what the driver knows at the frame that is selected. */
  async completions(
    asked: DebugProtocol.CompletionsArguments,
  ): Promise<DebugProtocol.CompletionsResponse["body"]> {
    const ours = completions(asked, this.#control);
    const frame = frameOf(this.#run.stopped, asked.frameId);
    const { target } = this.#run;
    const theirs = frame && target && !ours.only ? await driverCompletions(asked, { frame, target }) : [];
    return { targets: [...ours.targets, ...theirs] };
  }

  #shownRegister(register: RegisterView): DebugProtocol.EvaluateResponse["body"] {
    const { value, type, variablesReference, memoryReference } = registerVariable(
      register,
      this.#run.handles,
    );
    return {
      result: value,
      variablesReference,
      ...(type === undefined ? {} : { type }),
      ...(memoryReference === undefined ? {} : { memoryReference }),
    };
  }

  get #functions() {
    return this.#control.inspection.functions(this.#control.linux);
  }

  #register(text: string): RegisterView | undefined {
    return findRegister(this.#functions, text);
  }

  /** `edu.STATUS.IRQFACT` */
  #field(text: string): DebugProtocol.Variable | undefined {
    const register = this.#register(registerOf(text));
    return register && fieldVariables(register).find(({ evaluateName }) => evaluateName === text);
  }

  #frame(id: number | undefined): string {
    const frame = frameOf(this.#run.stopped, id);
    if (!frame) throw new Error("The driver runs: pause it first.");
    return frame.callFrameId;
  }
}

/** `edu.STATUS` of `edu.STATUS.IRQFACT` */
export function registerOf(id: string): string {
  return id.split(".", id.includes(".config.") ? 3 : 2).join(".");
}
