/**
 * Installs the editor stand-in: VS Code's own workbench and extension host, as code-server packs them for npm.
 * It lives in the git-ignored `.cache/editor`, with a Node of its own: in the project's node_modules its
 * `.bin/node` would shadow the system's.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { insist, run } from "../command.mjs";
import { root } from "../paths.mjs";

const codeServer = "4.139.1";
const nodeVersion = "24.21.0";
const folder = path.join(root, ".cache/editor");
const stamp = path.join(folder, `.installed-${codeServer}`);
const npm = ["--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts"];

/**
 * @typedef {object} StandIn
 * @property {string} node The Node that code-server wants: 24.
 * @property {string} entry code-server's own start file.
 */

/**
 * The stand-in, installed if need be: about a minute and 530 MB the first time.
 * @returns {Promise<StandIn>}
 */
export async function installStandIn() {
  if (process.platform !== "linux") {
    throw new Error("The editor stand-in is for Linux: install desktop VS Code with its `code` command");
  }
  const node = `node-linux-${process.arch}`;
  const standIn = {
    node: path.join(folder, "node_modules", node, "bin/node"),
    entry: path.join(folder, "node_modules/code-server/out/node/entry.js"),
  };
  if (existsSync(stamp)) return standIn;
  console.log(`Installing code-server ${codeServer} into .cache/editor (once)`);
  await install(node);
  await compileNative(path.join(folder, "node_modules", node));
  trim();
  await insist(standIn.node, [standIn.entry, "--config", emptyConfig(folder), "--version"]);
  writeFileSync(stamp, "");
  return standIn;
}

/**
 * code-server reads a configuration file wherever the user has one, unless it is given another.
 * @param {string} directory
 */
export function emptyConfig(directory) {
  const file = path.join(directory, "config.yaml");
  writeFileSync(file, "{}\n");
  return file;
}

/** @param {string} node */
async function install(node) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
  await insist("npm", ["install", ...npm, `${node}@${nodeVersion}`, `code-server@${codeServer}`], {
    cwd: folder,
  });
  // What code-server's own postinstall does, without the native modules that only its terminal of a desktop needs.
  for (const nested of ["", "extensions"]) {
    await insist("npm", ["install", ...npm, "--omit=dev"], { cwd: vscode(nested) });
  }
}

/**
 * Two native modules that only make the log quieter: without a compiler all works, with stack traces on stderr.
 * @param {string} nodeFolder
 */
async function compileNative(nodeFolder) {
  const env = {
    PATH: `${path.join(nodeFolder, "bin")}${path.delimiter}${process.env["PATH"]}`,
    npm_config_nodedir: nodeFolder,
  };
  for (const tool of ["python3", "make", "g++"]) {
    if ((await run(tool, ["--version"], { quiet: true })) === 0) continue;
    console.log(`${tool} is not installed: code-server's native log modules are left out`);
    return;
  }
  const modules = ["@vscode/spdlog", "@vscode/native-watchdog"];
  const code = await run("npm", ["rebuild", ...modules], { cwd: vscode(""), env, quiet: true });
  if (code !== 0) console.log("code-server's native log modules did not compile and are left out");
}

/** 280 MB that no test touches. */
function trim() {
  for (const unused of ["node_modules/@github", "node_modules/@microsoft/mxc-sdk", "extensions/copilot"]) {
    rmSync(vscode(unused), { recursive: true, force: true });
  }
  const ripgrep = vscode("node_modules/@vscode/ripgrep-universal/bin");
  if (!existsSync(ripgrep)) return;
  const ours = `${process.platform}-${process.arch}`;
  for (const other of readdirSync(ripgrep).filter((name) => name !== ours)) {
    rmSync(path.join(ripgrep, other), { recursive: true });
  }
}

/** @param {string} inside */
function vscode(inside) {
  return path.join(folder, "node_modules/code-server/lib/vscode", inside);
}
