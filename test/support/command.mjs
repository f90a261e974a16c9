/** Child processes with a time limit, each in a process group of its own so that nothing outlives us. */
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] Added to our own environment.
 * @property {number} [minutes] Killed after this time; 10 unless told.
 * @property {boolean} [quiet] Show the output only when the command fails.
 */

/**
 * What runs now, and how it ends when we do: our own scripts end what they started, others have to be stopped.
 * @type {Map<import("node:child_process").ChildProcess, NodeJS.Signals>}
 */
const running = new Map();

for (const [signal, code] of /** @type {const} */ ([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
])) {
  process.once(signal, () => process.exit(code));
}
process.once("exit", () => {
  for (const [child, signal] of running) endGroup(child, signal);
});

/**
 * Starts a command as the leader of a process group that ends with us.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions & { atExit?: NodeJS.Signals }} [options]
 */
export function startGroup(command, args, { atExit = "SIGKILL", ...options } = {}) {
  const child = spawn(command, args, { ...options, detached: true });
  running.set(child, atExit);
  child.once("exit", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

/**
 * Signals the whole group: extension hosts and file watchers outlive their parent.
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} [signal]
 */
export function endGroup(child, signal = "SIGKILL") {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has already ended.
  }
}

/**
 * The exit code of a command; 124 when its time ran out, 127 when it could not be started.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<number>}
 */
export async function run(command, args, options = {}) {
  const { minutes = 10, quiet = false } = options;
  const child = startGroup(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    atExit: "SIGTERM",
    stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
  });
  const output = collect(child);
  const timer = setTimeout(() => {
    console.error(`${command} did not end within ${minutes} minutes`);
    endGroup(child, "SIGTERM");
    setTimeout(() => endGroup(child), 10_000).unref();
  }, minutes * 60_000);
  const code = await exitCode(child);
  clearTimeout(timer);
  if (code !== 0 && quiet) process.stderr.write(output());
  return code;
}

/**
 * Runs a command until it succeeds, at most three times: registries and package locks have bad moments.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 */
export async function insist(command, args, options = {}) {
  for (const pause of [5_000, 20_000, 0]) {
    if ((await run(command, args, { quiet: true, ...options })) === 0) return;
    await sleep(pause);
  }
  throw new Error(`Cannot run "${[command, ...args].join(" ")}": it failed three times`);
}

/** @param {import("node:child_process").ChildProcess} child */
function collect(child) {
  /** @type {Buffer[]} */
  const chunks = [];
  child.stdout?.on("data", (chunk) => chunks.push(chunk));
  child.stderr?.on("data", (chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks);
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<number>}
 */
function exitCode(child) {
  return new Promise((resolve) => {
    child.once("error", () => resolve(127));
    child.once("close", (code, signal) => resolve(code ?? (signal ? 124 : 1)));
  });
}
