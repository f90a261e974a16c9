/** The driver in a worker of the machine's process, reached by the inspector's NodeWorker domain: no port, 0.3 ms a step. */
import { Session } from "node:inspector";
import { Worker } from "node:worker_threads";
import { CdpTarget } from "./cdp";
import { outOfMemory } from "./death";
import type { WorkerData } from "./driver-thread-protocol";
import type { ProcessModel, RunningThread } from "./process-model";

/** MiB of JavaScript heap; what the machine holds lies outside of it, in the arena. */
const HEAP = 512;

interface Attached {
  readonly sessionId: string;
  readonly workerInfo: { readonly url: string };
}
interface Received {
  readonly sessionId: string;
  readonly message: string;
}
/** The typings of Node 20 know neither the requests nor the events of NodeWorker in this form. */
interface NodeWorkerSession {
  connect(): void;
  post(method: string, params: object, done?: (error: Error | null) => void): void;
  on(event: string, listener: (message: { params: never }) => void): void;
}

/** One per process. Every worker waits for `Runtime.runIfWaitingForDebugger` from the moment this exists. */
export class WorkerModel implements ProcessModel {
  readonly #workerPath: string;
  readonly #session = new Session() as unknown as NodeWorkerSession;
  readonly #targets = new Map<string, CdpTarget>();
  readonly #wanted: ((target: CdpTarget) => void)[] = [];

  /** `workerPath`: the bundle of worker.ts. */
  constructor(workerPath: string) {
    this.#workerPath = workerPath;
    this.#session.connect();
    this.#session.on("NodeWorker.attachedToWorker", ({ params }) => this.#attached(params));
    this.#session.on("NodeWorker.receivedMessageFromWorker", ({ params }: { params: Received }) => {
      // Delivered from an interrupt whose microtasks nobody drains: without a turn of the loop, an await may never continue.
      setImmediate(() => this.#targets.get(params.sessionId)?.receive(params.message));
    });
    this.#session.post("NodeWorker.enable", { waitForDebuggerOnStart: true });
  }

  async start(workerData: WorkerData): Promise<RunningThread> {
    const attached = new Promise<CdpTarget>((resolve) => this.#wanted.push(resolve));
    const worker = new Worker(this.#workerPath, {
      workerData,
      transferList: [workerData.port],
      execArgv: ["--experimental-vm-modules", "--no-warnings"],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: HEAP },
    });
    worker.stdout.resume();
    worker.stderr.resume();
    const exited = exitOf(worker);
    const target = await attached;
    void exited.then(() => this.#forget(target));
    return {
      target,
      exited,
      begin: async () => void (await target.send("Runtime.runIfWaitingForDebugger", {})),
      end: () => end(worker, target),
    };
  }

  #attached({ sessionId }: Attached): void {
    const target = new CdpTarget((message) =>
      this.#session.post("NodeWorker.sendMessageToWorker", { sessionId, message }, () => undefined),
    );
    this.#targets.set(sessionId, target);
    const wanted = this.#wanted.shift();
    if (wanted) wanted(target);
    else void target.send("Runtime.runIfWaitingForDebugger", {});
  }

  #forget(target: CdpTarget): void {
    target.close();
    for (const [sessionId, known] of this.#targets) if (known === target) this.#targets.delete(sessionId);
  }
}

function exitOf(worker: Worker): Promise<string | undefined> {
  let cause: string | undefined;
  worker.on("error", (error: NodeJS.ErrnoException) => {
    const memory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
    cause = memory ? outOfMemory : `The driver's thread ended: ${error.message}`;
  });
  return new Promise((resolve) => worker.once("exit", () => resolve(cause)));
}

/**
 * Terminating a paused thread waits for the debugger to let go of it. In this order, and without a turn of the loop
 * in between, the driver runs no further line; `Runtime.terminateExecution` instead would break Node's own bookkeeping.
 */
async function end(worker: Worker, target: CdpTarget): Promise<void> {
  const terminated = worker.terminate();
  void target.send("Debugger.disable", {}).catch(() => undefined);
  await terminated;
}
