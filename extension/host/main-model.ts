/**
 * The fallback: the driver on the process's main thread, and this, the control thread, in a worker of it that reaches
 * over with `connectToMainThread` (no port either). Its own pipe to the parent flows while the main thread is paused.
 *
 * What it cannot have, compared with worker-model.ts:
 * - a driver that uses up its memory takes the machine along, on every version of Node;
 * - `process.exit()` in a driver ends the machine's process, not the driver alone;
 * - what a driver leaves behind in globals (`globalThis.x`, a patched prototype, a timer) is there for the next one.
 */
import { Session } from "node:inspector";
import type { MessagePort } from "node:worker_threads";
import { CdpTarget } from "./cdp";
import type { FromSeat, ToSeat, WorkerData } from "./driver-thread-protocol";
import type { ProcessModel, RunningThread } from "./process-model";

const ROUND_MS = 50;

/** The typings of Node 20 know the messages by name only. */
interface AnySession {
  connectToMainThread(): void;
  disconnect(): void;
  post(method: string, params: object, done: (error: Error | null, result?: object) => void): void;
  on(event: "inspectorNotification", listener: (message: object) => void): void;
}

export class MainModel implements ProcessModel {
  readonly #seat: MessagePort;

  /** `seat`: the port whose other end is main-seat.ts. */
  constructor(seat: MessagePort) {
    this.#seat = seat;
  }

  start(data: WorkerData): Promise<RunningThread> {
    return Promise.resolve(new MainThread(this.#seat, data));
  }
}

class MainThread implements RunningThread {
  readonly target: CdpTarget;
  readonly exited: Promise<undefined>;
  readonly #seat: MessagePort;
  readonly #data: WorkerData;
  readonly #session = new Session() as unknown as AnySession;
  #exit: () => void = () => undefined;
  #begun = false;

  constructor(seat: MessagePort, data: WorkerData) {
    this.#seat = seat;
    this.#data = data;
    this.#session.connectToMainThread();
    this.target = targetOf(this.#session);
    this.exited = new Promise((resolve) => {
      this.#exit = () => resolve(undefined);
    }).then(() => this.#letGo());
  }

  begin(): Promise<void> {
    this.#begun = true;
    this.#seat.once("message", (_ended: FromSeat) => this.#exit());
    this.#tell({ type: "load", data: this.#data }, [this.#data.port]);
    return Promise.resolve();
  }

  /** A thread that is in its event loop lets go of the driver by itself; any other is torn out of what it runs. */
  async end(): Promise<void> {
    if (!this.#begun) this.#exit();
    while (!(await this.#askedToEnd("Debugger.resume", { terminateOnResume: true }))) {
      if (await this.#askedToEnd("Runtime.terminateExecution", {})) return;
    }
  }

  /** True: it has ended. Asked again each time, for a request may be torn out with the driver. */
  async #askedToEnd(
    method: "Debugger.resume" | "Runtime.terminateExecution",
    parameters: { terminateOnResume?: true },
  ): Promise<boolean> {
    this.#tell({ type: "end" });
    // The first is refused while nothing is paused.
    void this.target.send(method, parameters as Record<string, never>).catch(() => undefined);
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), ROUND_MS));
    return Promise.race([this.exited.then(() => true), late]);
  }

  #letGo(): undefined {
    this.target.close();
    this.#session.disconnect();
  }

  #tell(message: ToSeat, transfer: readonly MessagePort[] = []): void {
    this.#seat.postMessage(message, transfer);
  }
}

function targetOf(session: AnySession): CdpTarget {
  const target = new CdpTarget((message) => {
    const { id, method, params } = JSON.parse(message) as { id: number; method: string; params: object };
    session.post(method, params, (error, result) =>
      receiveLater(target, error ? { id, error: { message: error.message } } : { id, result }),
    );
  });
  session.on("inspectorNotification", (notification) => receiveLater(target, notification));
  return target;
}

/** A turn of the loop later, as in worker-model.ts. */
function receiveLater(target: CdpTarget, message: object): void {
  const text = JSON.stringify(message);
  setImmediate(() => target.receive(text));
}
