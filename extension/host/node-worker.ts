/** Reaches worker threads of this process by the inspector's NodeWorker domain: no port, 0.3 ms a step. */
import { Session } from "node:inspector";
import { CdpTarget } from "./cdp";

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
export class NodeWorkers {
  readonly #session = new Session() as unknown as NodeWorkerSession;
  readonly #targets = new Map<string, CdpTarget>();
  readonly #wanted: ((target: CdpTarget) => void)[] = [];

  constructor() {
    this.#session.connect();
    this.#session.on("NodeWorker.attachedToWorker", ({ params }) => this.#attached(params));
    this.#session.on("NodeWorker.receivedMessageFromWorker", ({ params }: { params: Received }) => {
      // Delivered from an interrupt whose microtasks nobody drains: without a turn of the loop, an await may never continue.
      setImmediate(() => this.#targets.get(params.sessionId)?.receive(params.message));
    });
    this.#session.post("NodeWorker.enable", { waitForDebuggerOnStart: true });
  }

  /** The target of the worker that is started next. */
  next(): Promise<CdpTarget> {
    return new Promise((resolve) => this.#wanted.push(resolve));
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

  forget(target: CdpTarget): void {
    target.close();
    for (const [sessionId, known] of this.#targets) if (known === target) this.#targets.delete(sessionId);
  }
}
