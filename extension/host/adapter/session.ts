/** The debug adapter: one session, spoken by the Debug Adapter Protocol. */
import { DebugSession, Event, InitializedEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Control } from "../control";
import { type LaunchArguments, launchOf } from "./arguments";
import { capabilities } from "./capabilities";
import { Looking } from "./looking";
import { thread } from "./narrator";
import { SessionRun } from "./session-run";
import { stackTrace } from "./stack";

// biome-ignore lint/suspicious/noExplicitAny: each request has its own arguments
type Requests = Readonly<Record<string, (args: any) => unknown>>;

export class DriverSession extends DebugSession {
  readonly #run: SessionRun;
  readonly #requests: Requests;

  constructor(control: Control) {
    super();
    this.#run = new SessionRun(control, (event) => this.sendEvent(event));
    const looking = new Looking(control, this.#run);
    this.#requests = {
      ...lifeRequests(this.#run),
      ...watchRequests(this.#run, looking),
      ...lookRequests(this.#run, looking),
    };
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    const work = this.#requests[request.command];
    if (work) void this.#answer(request, work);
    else super.dispatchRequest(request);
  }

  /** A rejection becomes its sentence, and a line of the Problems view where a file is to blame. */
  async #answer(request: DebugProtocol.Request, work: (args: unknown) => unknown): Promise<void> {
    const response = { seq: 0, type: "response", request_seq: request.seq, command: request.command };
    try {
      const body = await work(request.arguments ?? {});
      this.sendResponse({ ...response, success: true, ...(body === undefined ? {} : { body }) });
      if (request.command === "launch") this.sendEvent(new InitializedEvent());
    } catch (error) {
      const { message, place } = error as Error & { readonly place?: object };
      if (place) this.sendEvent(new Event("rootport/problem", { ...place, message }));
      this.sendResponse({ ...response, success: false, message, body: { error: spoken(message) } });
    }
  }
}

function lifeRequests(run: SessionRun): Requests {
  return {
    initialize: () => capabilities,
    launch: (args: Partial<LaunchArguments>) => run.launch(launchOf(args)),
    configurationDone: () => run.configured(),
    threads: () => ({ threads: [thread] }),
    continue: () => run.continue(),
    next: () => run.step("over"),
    stepIn: () => run.step("into"),
    stepOut: () => run.step("out"),
    pause: () => run.pause(),
    restartFrame: ({ frameId }: DebugProtocol.RestartFrameArguments) => run.restartFrame(frameId),
    restart: (args: { arguments?: LaunchArguments }) => run.restart(args.arguments),
    terminate: () => run.stop({ patient: true }),
    disconnect: () => run.stop({ patient: false }),
    "rootport/kill": () => run.kill(),
  };
}

function watchRequests(run: SessionRun, looking: Looking): Requests {
  return {
    setBreakpoints: ({ source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments) =>
      run.setBreakpoints(source, breakpoints),
    setFunctionBreakpoints: ({ breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments) =>
      run.setFunctionBreakpoints(breakpoints),
    setExceptionBreakpoints: (args: DebugProtocol.SetExceptionBreakpointsArguments) =>
      run.setExceptionFilters(args),
    exceptionInfo: () => looking.exceptionInfo(),
    dataBreakpointInfo: (args: DebugProtocol.DataBreakpointInfoArguments) => looking.dataBreakpointInfo(args),
    setDataBreakpoints: ({ breakpoints }: DebugProtocol.SetDataBreakpointsArguments) =>
      run.setDataBreakpoints(breakpoints),
  };
}

function lookRequests(run: SessionRun, looking: Looking): Requests {
  return {
    stackTrace: (args: DebugProtocol.StackTraceArguments) =>
      stackTrace(run.stopped, { scripts: run.scripts, range: args }),
    scopes: (args: DebugProtocol.ScopesArguments) => looking.scopes(args),
    variables: (args: DebugProtocol.VariablesArguments) => looking.variables(args),
    setVariable: async (args: DebugProtocol.SetVariableArguments) => {
      const body = await looking.setVariable(args);
      run.touched();
      return body;
    },
    evaluate: async (args: DebugProtocol.EvaluateArguments) => {
      const body = await looking.evaluate(args);
      if (args.context === "repl") run.touched();
      return body;
    },
    completions: (args: DebugProtocol.CompletionsArguments) => looking.completions(args),
    readMemory: (args: DebugProtocol.ReadMemoryArguments) => run.memory.read(args),
    writeMemory: (args: DebugProtocol.WriteMemoryArguments) => run.writeMemory(args),
  };
}

/** DAP would fill `{name}` in a sentence with variables. */
function spoken(message: string): DebugProtocol.Message {
  return { id: 1, format: message.replaceAll("{", "(").replaceAll("}", ")"), showUser: true };
}
