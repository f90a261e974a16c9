/** Why the machine's process ended, in one sentence. */
import type { ChildProcess } from "node:child_process";
import { writeSync } from "node:fs";

export interface Death {
  readonly sentence: string;
  /** Killed on purpose: nothing to apologise for. */
  readonly wanted: boolean;
}

const TAIL = 4096;
/** A worker's process.stderr has no descriptor, and goes by the main thread. */
const STANDARD_ERROR = 2;
const OUT_OF_MEMORY = /heap out of memory|Allocation failed|ERR_WORKER_OUT_OF_MEMORY/;

/** Drains the child's output and calls `died` once, when it has ended. */
export function onDeath(child: ChildProcess, died: (death: Death) => void): void {
  let tail = "";
  child.stdout?.resume();
  child.stderr?.on("data", (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-TAIL);
  });
  child.once("error", (error) =>
    died({ sentence: `The machine's process did not start: ${error.message}.`, wanted: false }),
  );
  child.once("close", (code, signal) => died(epitaph({ code, signal, tail })));
}

/** Exported for its test. */
export function epitaph(end: { code: number | null; signal: NodeJS.Signals | null; tail: string }): Death {
  if (end.signal === "SIGKILL")
    return { sentence: "The driver was killed, and the machine with it.", wanted: true };
  if (OUT_OF_MEMORY.test(end.tail)) return { sentence: outOfMemory, wanted: false };
  const how = end.signal ?? `exit code ${end.code ?? "unknown"}`;
  const error = /^\w*Error\b.*$/m.exec(end.tail)?.[0];
  const why = error === undefined ? how : `${how}, ${error}`;
  return {
    sentence: `The machine's process crashed (${why}). Restart gives you a fresh machine.`,
    wanted: false,
  };
}

/** Also said when the worker alone ran out of memory: which of the two happens depends on the version of Node. */
export const outOfMemory = "The driver used up its memory and was ended. Restart runs it on a fresh machine.";

/** Leaves the cause on this process's standard error, for the parent: ending the driver may end the whole process. */
export function noteOutOfMemory(): void {
  try {
    writeSync(STANDARD_ERROR, "heap out of memory\n");
  } catch {
    // Nobody reads it: then nobody will ask for the cause.
  }
}
