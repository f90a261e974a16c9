/** Suites that need the VSIX as a person has it: installed in an editor of its own, and driven from outside. */
import { cpSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { insist } from "./command.mjs";
import { browserArguments, findBrowser } from "./editor/browser.mjs";
import { installVsix, startCodeServer } from "./editor/code-server.mjs";
import { installStandIn } from "./editor/install.mjs";
import { runSuites } from "./mocha.mjs";
import { isSource, out, root, samples, vsix } from "./paths.mjs";
import { freePort } from "./port.mjs";
import { suites } from "./suites.mjs";

/**
 * @typedef {object} InstalledRun
 * @property {string} kind Runs the compiled suites `*.KIND.cjs`.
 * @property {boolean} trust Whether the folder must be trusted first.
 */

/**
 * Packs, installs, opens a copy of the samples, and runs suites against that window.
 * @param {InstalledRun} run
 * @returns {Promise<number>} How many tests failed.
 */
export async function runInstalled({ kind, trust }) {
  await insist("npm", ["run", "-s", "package"], { cwd: root });
  const folder = path.join(out, kind);
  rmSync(folder, { recursive: true, force: true });
  const editor = {
    standIn: await installStandIn(),
    data: path.join(folder, "data"),
    extensions: path.join(folder, "extensions"),
  };
  await installVsix(editor, vsix);
  const workspace = path.join(folder, "samples");
  cpSync(samples, workspace, { recursive: true, filter: isSource });
  const server = await startCodeServer({ ...editor, trust });
  console.log(`The installed VSIX runs in code-server, workspace trust ${trust ? "on" : "off"}`);
  try {
    return await suitesAt(`${server.url}/?folder=${encodeURIComponent(workspace)}`, kind);
  } finally {
    server.stop();
  }
}

/**
 * @param {string} url
 * @param {string} kind
 */
async function suitesAt(url, kind) {
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: [...browserArguments, `--remote-debugging-port=${port}`],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(url);
    await page.locator(".monaco-workbench").waitFor();
    process.env["ROOTPORT_CDP"] = String(port);
    const files = readdirSync(suites).filter((name) => name.endsWith(`.${kind}.cjs`));
    const report = path.join(out, `reports/${kind}.json`);
    return await runSuites(
      files.map((name) => path.join(suites, name)),
      report,
    );
  } finally {
    await browser.close();
  }
}
