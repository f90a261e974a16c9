/** The driver's thread: machine, kernel and driver together. Entry of dist/worker.cjs. */
import { workerData } from "node:worker_threads";
import type { WorkerData } from "./driver-thread-protocol";
import { DriverRun } from "./worker/driver-run";

const run = new DriverRun(workerData as WorkerData);
process.on("uncaughtException", (error: unknown) => run.fail(error));
process.on("unhandledRejection", (error: unknown) => run.fail(error));
void run.link();
