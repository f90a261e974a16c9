/** Beside each accessor call of the function that is stopped: what its register holds now, by peek. */
import * as vscode from "vscode";
import { type AccessorCall, accessorCalls, blockAround } from "./accessor-calls";
import { debugType } from "./driver-launch";
import { isDriver } from "./driver-source";
import type { MachineHost } from "./machine-host";
import { registerAtPointer, valueWords } from "./register-lookup";

/** Numbers that expressions have in a stopped frame; each is asked for once. */
class Frame {
  readonly #session: vscode.DebugSession;
  readonly #frameId: number;
  readonly #known = new Map<string, Promise<bigint | undefined>>();

  constructor(session: vscode.DebugSession, frameId: number) {
    this.#session = session;
    this.#frameId = frameId;
  }

  /** Undefined for what has no value here, or is no number. */
  number(expression: string): Promise<bigint | undefined> {
    const known = this.#known.get(expression) ?? this.#ask(expression);
    this.#known.set(expression, known);
    return known;
  }

  async #ask(expression: string): Promise<bigint | undefined> {
    const asked = { expression, frameId: this.#frameId, context: "hover" };
    const answer: unknown = await this.#session.customRequest("evaluate", asked).then(
      ({ result }: { result: unknown }) => result,
      () => undefined,
    );
    const [number] = typeof answer === "string" ? (/^(0x[0-9a-f]+|\d+)\b/.exec(answer) ?? []) : [];
    return number === undefined ? undefined : BigInt(number);
  }
}

class AccessorValues implements vscode.InlineValuesProvider {
  readonly #host: MachineHost;
  readonly onDidChangeInlineValues: vscode.Event<void>;

  constructor(host: MachineHost) {
    this.#host = host;
    this.onDidChangeInlineValues = host.onDidChange;
  }

  async provideInlineValues(
    document: vscode.TextDocument,
    viewPort: vscode.Range,
    context: vscode.InlineValueContext,
  ): Promise<vscode.InlineValue[]> {
    const session = vscode.debug.activeDebugSession;
    const text = document.getText();
    if (session?.type !== debugType || !isDriver(text)) return [];
    const frame = new Frame(session, context.frameId);
    const [start, end] = blockAround(text, document.offsetAt(context.stoppedLocation.start));
    const calls = accessorCalls(text).filter((call) => call.start >= start && call.end <= end);
    const values = await Promise.all(calls.map((call) => this.#value(call, { document, viewPort, frame })));
    return values.flatMap((value) => value ?? []);
  }

  async #value(
    { pointer, offset, start, end }: AccessorCall,
    { document, viewPort, frame }: { document: vscode.TextDocument; viewPort: vscode.Range; frame: Frame },
  ): Promise<vscode.InlineValueText | undefined> {
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    if (!viewPort.intersection(range)) return undefined;
    const [at, more] = await Promise.all([frame.number(pointer), frame.number(offset)]);
    const { state } = this.#host;
    if (!state || at === undefined || more === undefined) return undefined;
    const register = registerAtPointer(state, at + more);
    return register && new vscode.InlineValueText(range, `${register.id} → ${valueWords(register)}`);
  }
}

export const inlineValues = (host: MachineHost): vscode.Disposable =>
  vscode.languages.registerInlineValuesProvider(
    { language: "typescript", scheme: "file" },
    new AccessorValues(host),
  );
