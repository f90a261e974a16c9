/** The driver's thread: machine, kernel and driver together. Entry of dist/worker.cjs. */
import { isMainThread, workerData } from "node:worker_threads";
import type { WorkerData } from "./driver-thread-protocol";
import { serveMainThread } from "./main-seat";
import { DriverRun } from "./worker/driver-run";

if (isMainThread) serveMainThread(__dirname);
else serveWorker(workerData as WorkerData);

function serveWorker(data: WorkerData): void {
  const run = new DriverRun(data);
  process.on("uncaughtException", (error: unknown) => run.fail(error));
  process.on("unhandledRejection", (error: unknown) => run.fail(error));
  void run.link();
}
