/** The debug adapter: one session, spoken by the Debug Adapter Protocol. */
import { DebugSession, Event, InitializedEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Touch } from "../../../emulator/machine/touch";
import type { Control } from "../control";
import { type LaunchArguments, launchOf } from "./arguments";
import { Asking } from "./asking";
import { capabilities } from "./capabilities";
import { Looking } from "./looking";
import { thread } from "./narrator";
import { SessionRun } from "./session-run";
import { stackTrace } from "./stack";

// biome-ignore lint/suspicious/noExplicitAny: each request has its own arguments
type Requests = Readonly<Record<string, (args: any) => unknown>>;

/** What goes wrong with these is shown where it was asked: in the console, in the view, at the field. */
const SAID_IN_PLACE: ReadonlySet<string> = new Set([
  "evaluate",
  "completions",
  "setVariable",
  "setExpression",
  "variables",
  "scopes",
  "stackTrace",
  "exceptionInfo",
  "dataBreakpointInfo",
  "readMemory",
  "writeMemory",
  "rootport/touch",
]);

export class DriverSession extends DebugSession {
  readonly #run: SessionRun;
  readonly #requests: Requests;

  constructor(control: Control) {
    super();
    this.#run = new SessionRun(control, (event) => this.sendEvent(event));
    control.onTouched = () => this.#run.touched();
    const looking = new Looking(control, this.#run);
    this.#requests = {
      ...lifeRequests(this.#run),
      ...watchRequests(this.#run, looking),
      ...lookRequests(this.#run, looking),
      ...askRequests(this.#run, new Asking(control, this.#run)),
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
      this.sendResponse({
        ...response,
        success: false,
        message,
        body: { error: spoken(message, request.command) },
      });
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

function watchRequests({ wishes }: SessionRun, looking: Looking): Requests {
  return {
    setBreakpoints: ({ source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments) =>
      wishes.lines(source, breakpoints),
    breakpointLocations: (args: DebugProtocol.BreakpointLocationsArguments) => wishes.locations(args),
    setFunctionBreakpoints: ({ breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments) =>
      wishes.functions(breakpoints),
    setExceptionBreakpoints: (args: DebugProtocol.SetExceptionBreakpointsArguments) =>
      wishes.exceptions(args),
    exceptionInfo: () => looking.exceptionInfo(),
    dataBreakpointInfo: (args: DebugProtocol.DataBreakpointInfoArguments) => looking.dataBreakpointInfo(args),
    setDataBreakpoints: ({ breakpoints }: DebugProtocol.SetDataBreakpointsArguments) =>
      wishes.data(breakpoints),
  };
}

function lookRequests(run: SessionRun, looking: Looking): Requests {
  return {
    loadedSources: () => run.loadedSources(),
    stackTrace: (args: DebugProtocol.StackTraceArguments) =>
      stackTrace(run.stopped, { scripts: run.scripts, range: args }),
    scopes: (args: DebugProtocol.ScopesArguments) => looking.scopes(args),
    variables: (args: DebugProtocol.VariablesArguments) => looking.variables(args),
    setVariable: (args: DebugProtocol.SetVariableArguments) => touching(run, looking.setVariable(args)),
    readMemory: (args: DebugProtocol.ReadMemoryArguments) => run.memory.read(args),
    writeMemory: (args: DebugProtocol.WriteMemoryArguments) => touching(run, run.memory.write(args)),
  };
}

function askRequests(run: SessionRun, asking: Asking): Requests {
  return {
    evaluate: (args: DebugProtocol.EvaluateArguments) =>
      args.context === "repl" ? touching(run, asking.evaluate(args)) : asking.evaluate(args),
    setExpression: (args: DebugProtocol.SetExpressionArguments) => touching(run, asking.setExpression(args)),
    completions: (args: DebugProtocol.CompletionsArguments) => asking.completions(args),
    "rootport/touch": (args: Touch) => touching(run, asking.touch(args)),
  };
}

/** Somebody may have changed the machine by hand: views look again. */
async function touching<T>(run: SessionRun, work: Promise<T>): Promise<T> {
  const done = await work;
  run.touched();
  return done;
}

/** DAP would fill `{name}` in a sentence with variables. */
function spoken(message: string, command: string): DebugProtocol.Message {
  const format = message.replaceAll("{", "(").replaceAll("}", ")");
  return { id: 1, format, showUser: !SAID_IN_PLACE.has(command) };
}
