/** A code-server on 127.0.0.1, with data of its own, that ends with us. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { endGroup, insist, startGroup } from "../command.mjs";
import { emptyConfig } from "./install.mjs";
import { writeSettings } from "./settings.mjs";

/**
 * @typedef {object} ServerOptions
 * @property {import("./install.mjs").StandIn} standIn
 * @property {string} data The user-data folder.
 * @property {string} extensions The folder of installed extensions.
 * @property {boolean} trust Ask whether a folder is trusted, as VS Code does by default.
 * @property {boolean} [testDriver] Obey extensionTestsPath; modal dialogs throw then.
 * @property {number} [port] Free one unless told.
 */

/** @typedef {{ readonly url: string, readonly ended: Promise<void>, stop(): void }} Server */

/**
 * Starts the server and waits until it listens.
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startCodeServer(options) {
  const home = mkdtempSync(path.join(tmpdir(), "rootport-editor-"));
  writeSettings(options.data, options);
  mkdirSync(options.extensions, { recursive: true });
  const child = startGroup(options.standIn.node, serverArguments(options, home), {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, XDG_DATA_HOME: home, TMPDIR: home, EXTENSIONS_GALLERY: "{}" },
  });
  const stop = () => {
    endGroup(child);
    rmSync(home, { recursive: true, force: true });
  };
  process.once("exit", stop);
  const ended = new Promise((resolve) => child.once("exit", () => resolve(undefined)));
  return { url: await listening(child), ended, stop };
}

/**
 * Puts a VSIX into an extensions folder.
 * @param {Pick<ServerOptions, "standIn" | "data" | "extensions">} options
 * @param {string} vsix
 */
export async function installVsix({ standIn, data, extensions }, vsix) {
  mkdirSync(data, { recursive: true });
  const where = ["--user-data-dir", data, "--extensions-dir", extensions];
  await insist(standIn.node, [
    ...[standIn.entry, "--config", emptyConfig(data), ...where],
    ...["--install-extension", vsix, "--force"],
  ]);
}

/**
 * @param {ServerOptions} options
 * @param {string} home
 */
function serverArguments({ standIn, data, extensions, trust, testDriver, port = 0 }, home) {
  return [
    ...[standIn.entry, "--config", emptyConfig(home), "--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
    ...["--user-data-dir", data, "--extensions-dir", extensions],
    ...[
      "--disable-telemetry",
      "--disable-update-check",
      "--disable-getting-started-override",
      "--disable-proxy",
    ],
    ...(trust ? [] : ["--disable-workspace-trust"]),
    ...(testDriver ? ["--vscode-option", "enable-smoke-test-driver"] : []),
  ];
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<string>}
 */
function listening(child) {
  let log = "";
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`code-server did not start within a minute\n${log}`)),
      60_000,
    );
    const read = (/** @type {Buffer} */ chunk) => {
      log += chunk.toString();
      const url = /listening on (http:\/\/[\d.]+:\d+)/.exec(log)?.[1];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => reject(new Error(`code-server ended with ${code}\n${log}`)));
  });
}
