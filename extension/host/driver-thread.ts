/** The control thread's end of the driver's thread. */
import type { Runtime } from "node:inspector";
import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { SysfsDevice } from "../../emulator/linux/sysfs";
import type { Operation } from "../../emulator/machine/operate";
import type { Touch } from "../../emulator/machine/touch";
import type { Hex, WatchpointRequest, WatchpointStatus } from "../../emulator/machine/views";
import type { CdpTarget } from "./cdp";
import {
  type FromWorker,
  HOOK,
  type Hook,
  type StopWish,
  type ToWorker,
  type WatchOwner,
  type WorkerData,
} from "./driver-thread-protocol";
import type { ProcessModel, RunningThread } from "./process-model";

const KILL_MS = 2000;

export type DriverThreadOptions = Omit<WorkerData, "port">;

export class DriverThread {
  /** Settles when the thread has ended; a sentence when it did not end by itself. */
  readonly exited: Promise<string | undefined>;
  onMessage: (message: FromWorker) => void = () => undefined;
  readonly #thread: RunningThread;
  readonly #port: MessagePort;

  /** Waits, before its first line, for `begin`. */
  static async start(model: ProcessModel, options: DriverThreadOptions): Promise<DriverThread> {
    const { port1, port2 } = new MessageChannel();
    return new DriverThread(await model.start({ ...options, port: port2 }), port1);
  }

  private constructor(thread: RunningThread, port: MessagePort) {
    this.#thread = thread;
    this.#port = port;
    this.#port.on("message", (message: FromWorker) => this.onMessage(message));
    this.exited = thread.exited.then((cause) => {
      this.drain();
      this.#port.close();
      return cause;
    });
  }

  get target(): CdpTarget {
    return this.#thread.target;
  }

  begin(): Promise<void> {
    return this.#thread.begin();
  }

  post(message: ToWorker): void {
    this.#port.postMessage(message);
  }

  /** Handles everything the thread has said up to now, before the debugger speaks about it. */
  drain(): void {
    for (let next = receiveMessageOnPort(this.#port); next; next = receiveMessageOnPort(this.#port)) {
      this.onMessage(next.message as FromWorker);
    }
  }

  /** Replaces one of the two lists of watchpoints, also while the driver is paused or spins. Before it has booted, nothing. */
  async watch(
    owner: WatchOwner,
    wanted: readonly WatchpointRequest[],
  ): Promise<readonly WatchpointStatus[] | undefined> {
    return this.#call("watch", [owner, wanted]);
  }

  /** Replaces the machine's events to stop at, as `watch` does. */
  async stopAt(wishes: readonly StopWish[]): Promise<void> {
    await this.#call("stopAt", [wishes]);
  }

  /** Rejects with its sentence; undefined before the thread has booted. */
  async touch(touch: Touch): Promise<Hex | undefined> {
    return this.#call("touch", [touch]);
  }

  /** What sysfs says, by the kernel that the driver has. Undefined before the thread has booted. */
  async sysfs(): Promise<readonly SysfsDevice[] | undefined> {
    const sent = await this.#call("sysfs", []);
    return sent?.map((device) => ({ ...device, config: Uint8Array.from(device.config) }));
  }

  async operate(operation: Operation): Promise<void> {
    await this.#call("operate", [operation]);
  }

  async #call<M extends keyof Hook>(
    method: M,
    given: Parameters<Hook[M]>,
  ): Promise<ReturnType<Hook[M]> | undefined> {
    const expression = `globalThis[${JSON.stringify(HOOK)}]?.${method}(...${JSON.stringify(given)})`;
    const { result, exceptionDetails } = await this.target.send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      disableBreaks: true,
    });
    if (exceptionDetails) throw new Error(sentenceOf(exceptionDetails));
    return result.value as ReturnType<Hook[M]> | undefined;
  }

  /** False: the thread does not react, only the end of the process ends it. */
  async kill(): Promise<boolean> {
    const killed = this.#thread.end().then(() => true);
    return Promise.race([
      killed,
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), KILL_MS)),
    ]);
  }
}

/** `AddressError: "x" is no address` without its first word. */
function sentenceOf({ exception, text }: Runtime.ExceptionDetails): string {
  const [line = text] = (exception?.description ?? text).split("\n");
  return line.replace(/^\w*Error: /, "");
}
