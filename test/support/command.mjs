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

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

for (const [signal, code] of /** @type {const} */ ([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
])) {
  process.once(signal, () => process.exit(code));
}
process.once("exit", () => {
  for (const child of running) killGroup(child);
});

/**
 * Starts a command as the leader of a process group that ends with us.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 */
export function startGroup(command, args, options = {}) {
  const child = spawn(command, args, { ...options, detached: true });
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

/**
 * SIGKILL for the whole group: extension hosts and file watchers outlive a polite end of their parent.
 * @param {import("node:child_process").ChildProcess} child
 */
export function killGroup(child) {
  running.delete(child);
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
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
    stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
  });
  const output = collect(child);
  const timer = setTimeout(() => {
    console.error(`${command} did not end within ${minutes} minutes`);
    killGroup(child);
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
    child.once("close", (code, signal) => resolve(code ?? (signal === "SIGKILL" ? 124 : 1)));
  });
}
