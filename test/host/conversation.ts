/** A client of `rootport dap`: what an editor says, and what it hears. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { DebugClient } from "@vscode/debugadapter-testsupport";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { root } from "../support/paths.mjs";

/** How long an answer may take on a machine that is busy with other things. */
export const PATIENCE_MS = 60_000;
/** Another build than the one in dist/, while that is somebody else's. */
const dist = process.env["ROOTPORT_DIST"] ?? path.join(root, "dist");
export const cli = path.join(dist, "cli.js");

export function driver(name: string): string {
  return path.join(root, "test/host/drivers", `${name}.ts`);
}

/** The line, from 1, of the first line that contains `text`. */
export function lineOf(file: string, text: string): number {
  const index = readFileSync(file, "utf8")
    .split("\n")
    .findIndex((line) => line.includes(text));
  if (index < 0) throw new Error(`${file} has no line with "${text}"`);
  return index + 1;
}

export interface Stopped {
  readonly reason: string;
  readonly text: string | undefined;
  readonly hitBreakpointIds: readonly number[];
  readonly frames: readonly DebugProtocol.StackFrame[];
  /** `factorial:33 < exercise:55` */
  readonly stack: string;
  readonly line: number;
}

export interface Wishes {
  /** Texts of lines of the program that get a breakpoint. */
  readonly at?: readonly string[];
  readonly arguments?: object;
  readonly exceptions?: readonly string[];
}

class PipedClient extends DebugClient {
  constructor({ stdin, stdout }: ChildProcess) {
    super("", "", "rootport");
    if (!stdin || !stdout) throw new Error("the adapter has no pipes");
    this.connect(stdout, stdin);
  }
}

/** The test client's own door: the public one hides the body of a refusal. */
interface Raw {
  doSend(
    command: string,
    given: object,
    answered: (response: { readonly body: { readonly error: DebugProtocol.Message } }) => void,
  ): void;
}

type Move = "continue" | "next" | "stepIn" | "stepOut" | "pause";

export class Conversation {
  readonly client: DebugClient;
  readonly process: ChildProcess;
  readonly #heard: DebugProtocol.Event[] = [];
  readonly #waiting: { event: string; hear: (event: DebugProtocol.Event) => void }[] = [];

  /** `node`: which Node runs the adapter. `env`: beside this process's own. */
  constructor(node = process.execPath, env: NodeJS.ProcessEnv = {}) {
    const stdio = ["pipe", "pipe", "inherit"] as const;
    this.process = spawn(node, [cli, "dap"], { stdio: [...stdio], env: { ...process.env, ...env } });
    this.client = new PipedClient(this.process);
    this.client.defaultTimeout = PATIENCE_MS;
    this.#listen();
  }

  static async open(node?: string, env?: NodeJS.ProcessEnv): Promise<Conversation> {
    const conversation = new Conversation(node, env);
    await conversation.client.initializeRequest();
    return conversation;
  }

  /** Linked, with its breakpoints set, and running. */
  async run(program: string, wishes: Wishes = {}): Promise<DebugProtocol.Breakpoint[]> {
    await this.client.launchRequest({ program, ...wishes.arguments } as DebugProtocol.LaunchRequestArguments);
    const breakpoints = wishes.at ? await this.breakAt(program, wishes.at) : [];
    if (wishes.exceptions)
      await this.client.setExceptionBreakpointsRequest({ filters: [...wishes.exceptions] });
    await this.client.configurationDoneRequest();
    return breakpoints;
  }

  async breakAt(file: string, texts: readonly string[]): Promise<DebugProtocol.Breakpoint[]> {
    const breakpoints = texts.map((text) => ({ line: lineOf(file, text) }));
    const { body } = await this.client.setBreakpointsRequest({ source: { path: file }, breakpoints });
    return body.breakpoints;
  }

  /** The next event of this name, also one that came already and was not asked for yet. */
  heard(event: string): Promise<DebugProtocol.Event> {
    const index = this.#heard.findIndex((each) => each.event === event);
    const [old] = index < 0 ? [] : this.#heard.splice(index, 1);
    if (old) return Promise.resolve(old);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no "${event}" after ${PATIENCE_MS} ms`)), PATIENCE_MS);
      this.#waiting.push({
        event,
        hear: (heard) => {
          clearTimeout(late);
          resolve(heard);
        },
      });
    });
  }

  async stopped(): Promise<Stopped> {
    const { body } = (await this.heard("stopped")) as DebugProtocol.StoppedEvent;
    const { stackFrames } = (await this.client.stackTraceRequest({ threadId: 1 })).body;
    return {
      reason: body.reason,
      text: body.text,
      hitBreakpointIds: body.hitBreakpointIds ?? [],
      frames: stackFrames,
      stack: stackFrames.map(({ name, line }) => `${name}:${line}`).join(" < "),
      line: stackFrames[0]?.line ?? 0,
    };
  }

  async move(move: Move): Promise<Stopped> {
    await this.go(move);
    return this.stopped();
  }

  async go(move: Move): Promise<void> {
    await this.client[`${move}Request`]({ threadId: 1 });
  }

  /** The variables of the first scope with this name, as text. */
  async scope(name: string): Promise<Record<string, string>> {
    const { body } = await this.client.scopesRequest({ frameId: 1 });
    const scope = body.scopes.find((each) => each.name === name);
    return scope ? this.variables(scope.variablesReference) : {};
  }

  async variables(variablesReference: number): Promise<Record<string, string>> {
    const { body } = await this.client.variablesRequest({ variablesReference });
    return Object.fromEntries(body.variables.map((variable) => [variable.name, variable.value]));
  }

  async evaluate(expression: string, context = "repl"): Promise<string> {
    const { body } = await this.client.evaluateRequest({ expression, context, frameId: 1 });
    return body.result;
  }

  /** A register by peek, whatever the driver does. */
  async register(id: string): Promise<string> {
    const { body } = await this.client.evaluateRequest({ expression: id, context: "watch" });
    return body.result;
  }

  /** How the adapter refuses a request. */
  refusal(command: string, given: object): Promise<DebugProtocol.Message> {
    const { client } = this as unknown as { client: Raw };
    return new Promise((resolve) => client.doSend(command, given, ({ body }) => resolve(body.error)));
  }

  /** Everything printed up to now. */
  get output(): string {
    const outputs = this.#heard.filter(({ event }) => event === "output");
    return outputs.map(({ body }) => (body as DebugProtocol.OutputEvent["body"]).output).join("");
  }

  /** Ends the session, and the adapter with it. */
  async close(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    await this.client.disconnectRequest({}).catch(() => undefined);
    this.process.stdin?.end();
    const late = setTimeout(() => this.process.kill("SIGKILL"), 5000);
    await gone;
    clearTimeout(late);
  }

  #listen(): void {
    const events = ["stopped", "output", "terminated", "exited", "breakpoint", "initialized", "memory"];
    for (const event of [...events, "rootport/idle", "rootport/problem", "rootport/hit", "rootport/stuck"]) {
      this.client.on(event, (heard: DebugProtocol.Event) => this.#hear(heard));
    }
  }

  #hear(event: DebugProtocol.Event): void {
    const index = this.#waiting.findIndex((each) => each.event === event.event);
    const [waiting] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (waiting) waiting.hear(event);
    else this.#heard.push(event);
  }
}
