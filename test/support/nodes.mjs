/** Other versions of Node, from npm, in the git-ignored `.cache`: what VS Code's own Node does differs by version. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { insist } from "./command.mjs";
import { root } from "./paths.mjs";

/** The versions of Node that VS Code comes with, and that the project promises. */
export const majors = /** @type {const} */ ([20, 22, 24]);

/** Those on which a test of its own makes sense: with CI set, the whole suite runs on each of them. */
export const majorsHere = process.env["CI"] ? [Number(process.versions.node.split(".")[0])] : majors;

/**
 * The executable of Node's newest release of a major version; undefined where npm has none for this machine.
 * @param {number} major
 * @returns {Promise<string | undefined>}
 */
export async function nodeOf(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  if (process.platform !== "linux") return undefined;
  const folder = path.join(root, `.cache/node-${major}`);
  const name = `node-linux-${process.arch}`;
  const executable = path.join(folder, "node_modules", name, "bin/node");
  if (existsSync(executable)) return executable;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), '{ "private": true }\n');
  const npm = ["install", "--no-audit", "--no-fund", "--ignore-scripts", `${name}@${major}`];
  await insist("npm", npm, { cwd: folder });
  return executable;
}
