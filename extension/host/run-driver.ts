/** `rootport run`: a driver without a debugger. Watchpoints report, and the driver goes on. */
import { join, resolve } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { WatchpointStatus } from "../../emulator/machine/views";
import { DapRelay } from "./dap-relay";
import type { DriverHit } from "./driver-thread-protocol";
import { startMachine } from "./machine-connection";

export interface RunOptions {
  /** Path of the driver. */
  readonly driver: string;
  /** A built-in name or the path of a *.pcie.json file; `demo` unless told. */
  readonly machine?: string;
  /** `edu.FACTORIAL w` */
  readonly watch?: readonly string[];
  readonly seed?: number;
  /** Path of a user-space program: it opens the driver's files. */
  readonly user?: string;
}

export interface RunEvents {
  /** One line of the kernel's log, or of the driver's console. */
  output(text: string, stream: "out" | "error"): void;
  hit(hit: DriverHit): void;
}

export interface RunResult {
  readonly ok: boolean;
  /** One sentence. */
  readonly error?: string;
  /** Nothing of the driver ran: machine, watchpoint or driver are not valid. */
  readonly badInput?: boolean;
}

/** Loads the driver, runs its exercise() and user(), removes it. Never rejects. */
export function runDriver(options: RunOptions, events: RunEvents): Promise<RunResult> {
  return new Promise((done) => new Run(options, { events, done }).start());
}

class Run {
  readonly #options: RunOptions;
  readonly #events: RunEvents;
  readonly #done: (result: RunResult) => void;
  readonly #machine = startMachine(join(__dirname, "machine.cjs"), ({ sentence }) =>
    this.#relay.machineDied(sentence),
  );
  readonly #relay = new DapRelay(this.#machine.connection, (message) => this.#hear(message));
  #sequence = 0;
  #lastError = "";
  #exitCode = 1;

  constructor(options: RunOptions, how: { events: RunEvents; done: (result: RunResult) => void }) {
    this.#options = options;
    this.#events = how.events;
    this.#done = how.done;
  }

  start(): void {
    const { driver, machine = "demo", watch = [], seed = 1, user } = this.#options;
    this.#request("initialize", { adapterID: "rootport" });
    const script = user === undefined ? {} : { user: resolve(user) };
    const program = resolve(driver);
    this.#request("launch", { program, machine, watchpoints: watch, seed, noDebug: true, ...script });
  }

  #request(command: string, args: object = {}): void {
    const request: DebugProtocol.Request = {
      seq: ++this.#sequence,
      type: "request",
      command,
      arguments: args,
    };
    this.#relay.handleMessage(request);
  }

  #hear(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === "event") this.#event(message as DebugProtocol.Event);
    else this.#answered(message as DebugProtocol.Response);
  }

  #answered({ command, success, message: error = "" }: DebugProtocol.Response): void {
    if (command === "launch" && !success) this.#end({ ok: false, error, badInput: true });
  }

  #event({ event, body }: DebugProtocol.Event): void {
    if (event === "output") this.#output(body as DebugProtocol.OutputEvent["body"]);
    else if (event === "rootport/hit") this.#events.hit(body as DriverHit);
    else if (event === "rootport/watchpoints")
      this.#watching((body as { statuses: WatchpointStatus[] }).statuses);
    else if (event === "initialized") this.#request("configurationDone");
    else if (event === "rootport/idle") this.#request("terminate");
    else if (event === "exited") this.#exitCode = (body as DebugProtocol.ExitedEvent["body"]).exitCode;
    else if (event === "terminated") this.#over();
  }

  #output({ category, output }: DebugProtocol.OutputEvent["body"]): void {
    const text = output.replace(/\n$/, "");
    if (category === "console") return;
    if (category === "stderr") this.#lastError = text;
    this.#events.output(text, category === "stderr" ? "error" : "out");
  }

  /** A watchpoint that can never bind is a mistake in the command; one that waits is not. */
  #watching(statuses: readonly WatchpointStatus[]): void {
    const wrong = statuses.find(({ never }) => never);
    if (wrong)
      this.#end({ ok: false, error: `${wrong.message ?? "A watchpoint cannot be set"}.`, badInput: true });
  }

  #over(): void {
    this.#end(
      this.#exitCode === 0 ? { ok: true } : { ok: false, error: this.#lastError.split("\n", 1)[0] ?? "" },
    );
  }

  #end(result: RunResult): void {
    this.#relay.dispose();
    this.#machine.child.kill("SIGKILL");
    this.#done(result);
  }
}
