/** How the machine's process is started: by the extension, by the command line and by tests alike. */
import { type ChildProcess, fork } from "node:child_process";
import { dirname, join } from "node:path";
import type { ModelName } from "./process-model";

/** Inherited by accident, each of these breaks the child: an inspector's port, a loader, the editor's own pipes. */
const UNWANTED = /^(NODE_OPTIONS|VSCODE_.*|ELECTRON_RUN_AS_NODE)$/;

/** The descriptor over which a control thread that is not the main thread speaks with the parent. */
export const PIPE = 4;
/** MiB. A worker has its own limit. */
const MAIN_THREAD = ["--experimental-vm-modules", "--no-warnings", "--max-old-space-size=512"];

/**
 * Forks the machine's process; `modulePath` is dist/machine.cjs. The child ends itself when its parent is gone.
 * Its standard output and error are pipes that the caller must drain (`onDeath` of death.ts does).
 */
export function forkMachine(modulePath: string, model: ModelName): ChildProcess {
  const flags = v8Flags(process.versions.v8);
  const env = cleanEnvironment(process.env);
  const stdio = ["ignore", "pipe", "pipe", "ipc"] as const;
  if (model === "worker") return fork(modulePath, [], { execArgv: flags, env, stdio: [...stdio] });
  const driversThread = join(dirname(modulePath), "worker.cjs");
  return fork(driversThread, [], { execArgv: [...flags, ...MAIN_THREAD], env, stdio: [...stdio, "pipe"] });
}

/** Before V8 13.6 a loop entered after a stop can neither be paused nor ended once it is optimised on the stack. */
export function v8Flags(version: string): string[] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < 13 || (major === 13 && minor < 6) ? ["--no-use-osr"] : [];
}

function cleanEnvironment(from: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(from).filter(([name]) => !UNWANTED.test(name));
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: "1" };
}
