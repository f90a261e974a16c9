/** The Chrome DevTools Protocol, as far as it is used here: typed requests and events to one worker. */
import type { Debugger, Runtime } from "node:inspector";

type Nothing = Record<string, never>;

/** Request name → [parameters, result]. */
export interface CdpRequests {
  "Runtime.enable": [Nothing, unknown];
  "Runtime.runIfWaitingForDebugger": [Nothing, unknown];
  "Runtime.evaluate": [
    Runtime.EvaluateParameterType & { disableBreaks?: boolean; throwOnSideEffect?: boolean },
    Runtime.EvaluateReturnType,
  ];
  "Runtime.getProperties": [Runtime.GetPropertiesParameterType, Runtime.GetPropertiesReturnType];
  "Runtime.callFunctionOn": [Runtime.CallFunctionOnParameterType, Runtime.CallFunctionOnReturnType];
  "Runtime.compileScript": [Runtime.CompileScriptParameterType, Runtime.CompileScriptReturnType];
  "Runtime.terminateExecution": [Nothing, unknown];
  "Debugger.enable": [Nothing, unknown];
  "Debugger.disable": [Nothing, unknown];
  "Debugger.resume": [{ terminateOnResume?: boolean }, unknown];
  "Debugger.pause": [Nothing, unknown];
  "Debugger.stepOver": [Nothing, unknown];
  "Debugger.stepInto": [Nothing, unknown];
  "Debugger.stepOut": [Nothing, unknown];
  "Debugger.setAsyncCallStackDepth": [{ maxDepth: number }, unknown];
  "Debugger.setSkipAllPauses": [{ skip: boolean }, unknown];
  "Debugger.setBlackboxPatterns": [{ patterns: readonly string[] }, unknown];
  "Debugger.setPauseOnExceptions": [{ state: "none" | "caught" | "uncaught" | "all" }, unknown];
  "Debugger.setBreakpointByUrl": [
    Debugger.SetBreakpointByUrlParameterType,
    Debugger.SetBreakpointByUrlReturnType,
  ];
  "Debugger.removeBreakpoint": [{ breakpointId: string }, unknown];
  "Debugger.getPossibleBreakpoints": [
    Debugger.GetPossibleBreakpointsParameterType,
    Debugger.GetPossibleBreakpointsReturnType,
  ];
  "Debugger.getScriptSource": [{ scriptId: string }, { scriptSource: string }];
  "Debugger.restartFrame": [{ callFrameId: string; mode: "StepInto" }, unknown];
  "Debugger.setVariableValue": [Debugger.SetVariableValueParameterType, unknown];
  "Debugger.evaluateOnCallFrame": [
    Debugger.EvaluateOnCallFrameParameterType & { throwOnSideEffect?: boolean },
    Debugger.EvaluateOnCallFrameReturnType,
  ];
}

export interface CdpEvents {
  "Debugger.paused": Debugger.PausedEventDataType;
  "Debugger.resumed": Nothing;
  "Debugger.scriptParsed": Debugger.ScriptParsedEventDataType;
}

type CdpEvent = keyof CdpEvents;
interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly method?: CdpEvent;
  readonly params?: unknown;
}
interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class CdpTarget {
  readonly #send: (message: string) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, ((params: never) => void)[]>();
  #last = 0;
  #closed = false;

  constructor(send: (message: string) => void) {
    this.#send = send;
  }

  /** Rejects with V8's sentence, or when the worker has ended. */
  send<M extends keyof CdpRequests>(method: M, params: CdpRequests[M][0]): Promise<CdpRequests[M][1]> {
    if (this.#closed) return Promise.reject(new Error("The driver has ended."));
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      // Known before it is sent: a reply may come back synchronously.
      this.#waiting.set(id, { resolve: resolve, reject });
      this.#send(JSON.stringify({ id, method, params }));
    });
  }

  on<E extends CdpEvent>(event: E, listener: (params: CdpEvents[E]) => void): void {
    const listeners = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...listeners, listener]);
  }

  receive(message: string): void {
    const { id, result, error, method, params } = JSON.parse(message) as Reply;
    if (id === undefined) {
      for (const listener of this.#listeners.get(method ?? "") ?? []) listener(params as never);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }

  /** The worker is gone: nothing will be answered any more. */
  close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.values()) reject(new Error("The driver has ended."));
    this.#waiting.clear();
  }
}
