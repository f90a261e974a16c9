/** The control thread's end of the driver's thread. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { MachineDescription } from "../../emulator/machine/description";
import type { WatchpointRequest, WatchpointStatus } from "../../emulator/machine/views";
import type { CdpTarget } from "./cdp";
import { outOfMemory } from "./death";
import {
  type DriverOptions,
  type FromWorker,
  HOOK,
  type ToWorker,
  type WatchOwner,
  type WorkerData,
} from "./driver-thread-protocol";
import type { NodeWorkers } from "./node-worker";

/** MiB of JavaScript heap; what the machine holds lies outside of it, in the arena. */
const HEAP = 512;
const KILL_MS = 2000;

export interface DriverThreadOptions extends DriverOptions {
  readonly workerPath: string;
  readonly arena: SharedArrayBuffer;
  readonly machine: MachineDescription;
  readonly own: readonly WatchpointRequest[];
}

export class DriverThread {
  readonly target: CdpTarget;
  /** Settles when the thread has ended; a sentence when it did not end by itself. */
  readonly exited: Promise<string | undefined>;
  onMessage: (message: FromWorker) => void = () => undefined;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #workers: NodeWorkers;

  /** Waits, before its first line, for `begin`. */
  static async start(workers: NodeWorkers, options: DriverThreadOptions): Promise<DriverThread> {
    const target = workers.next();
    const { port1, port2 } = new MessageChannel();
    const { workerPath, ...rest } = options;
    const workerData: WorkerData = { ...rest, port: port2 };
    const worker = new Worker(workerPath, {
      workerData,
      transferList: [port2],
      execArgv: ["--experimental-vm-modules", "--no-warnings"],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: HEAP },
    });
    return new DriverThread({ workers, worker, port: port1, target: await target });
  }

  private constructor(parts: { workers: NodeWorkers; worker: Worker; port: MessagePort; target: CdpTarget }) {
    this.#workers = parts.workers;
    this.#worker = parts.worker;
    this.#port = parts.port;
    this.target = parts.target;
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#port.on("message", (message: FromWorker) => this.onMessage(message));
    this.exited = this.#watchExit();
  }

  async begin(): Promise<void> {
    await this.target.send("Runtime.runIfWaitingForDebugger", {});
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
    const expression = `globalThis[${JSON.stringify(HOOK)}]?.(${JSON.stringify(owner)}, ${JSON.stringify(wanted)})`;
    const { result, exceptionDetails } = await this.target.send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      disableBreaks: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as readonly WatchpointStatus[] | undefined;
  }

  /** False: the thread does not react, only the end of the process ends it. */
  async kill(): Promise<boolean> {
    const killed = this.#kill().then(() => true);
    return Promise.race([
      killed,
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), KILL_MS)),
    ]);
  }

  /**
   * Terminating a paused thread waits for the debugger to let go of it. In this order, and without a turn of the loop
   * in between, the driver runs no further line; `Runtime.terminateExecution` instead would break Node's own bookkeeping.
   */
  async #kill(): Promise<void> {
    const terminated = this.#worker.terminate();
    void this.target.send("Debugger.disable", {}).catch(() => undefined);
    await terminated;
  }

  #watchExit(): Promise<string | undefined> {
    let cause: string | undefined;
    this.#worker.on("error", (error: NodeJS.ErrnoException) => {
      cause =
        error.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? outOfMemory
          : `The driver's thread ended: ${error.message}`;
    });
    return new Promise((resolve) => {
      this.#worker.once("exit", () => {
        this.drain();
        this.#port.close();
        this.#workers.forget(this.target);
        resolve(cause);
      });
    });
  }
}
