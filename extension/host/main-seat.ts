/** The main thread in the fallback model: it runs one driver after the other, and starts the control thread beside itself. */
import { join } from "node:path";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { FromSeat, ToSeat } from "./driver-thread-protocol";
import { DriverRun } from "./worker/driver-run";

export interface ControlData {
  readonly seat: MessagePort;
}

/** `folder`: where the bundles are. */
export function serveMainThread(folder: string): void {
  const { port1: control, port2: seat } = new MessageChannel();
  const data: ControlData = { seat };
  new Worker(join(folder, "machine.cjs"), { workerData: data, transferList: [seat] });
  let run: DriverRun | undefined;
  const fail = (error: unknown) => run?.fail(error);
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  control.on("message", (message: ToSeat) => {
    const left = run;
    left?.leave();
    run = message.type === "load" ? new DriverRun(message.data) : undefined;
    void run?.link();
    // Asked to end more than once, it answers once.
    if (message.type === "end" && left) control.postMessage({ type: "ended" } satisfies FromSeat);
  });
}
