/** Which thread of the machine's process runs the driver: the one thing in which the two process models differ. */
import type { CdpTarget } from "./cdp";
import type { WorkerData } from "./driver-thread-protocol";

/** `worker`: a thread of its own (worker-model.ts). `main`: the process's main thread (main-model.ts), the fallback. */
export type ModelName = "worker" | "main";

export interface ProcessModel {
  /** The thread has yet to `begin`. `data.port` is transferred to it. */
  start(data: WorkerData): Promise<RunningThread>;
}

export interface RunningThread {
  readonly target: CdpTarget;
  /** Settles when nothing of the driver runs any more; a sentence when it did not end by itself. */
  readonly exited: Promise<string | undefined>;
  begin(): Promise<void>;
  /** Ends the driver wherever it is: no further line of it runs. Never settles when the thread does not react. */
  end(): Promise<void>;
}

/** The switch: `ROOTPORT_PROCESS_MODEL`. Throws a sentence for a name that is none. */
export function modelName(wanted = process.env["ROOTPORT_PROCESS_MODEL"]): ModelName {
  if (wanted === undefined || wanted === "" || wanted === "worker") return "worker";
  if (wanted === "main") return "main";
  throw new Error(`ROOTPORT_PROCESS_MODEL is "${wanted}": set it to "worker" or "main", or unset it.`);
}
