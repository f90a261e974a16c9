/** The suites that need the VSIX as a person has it: installed, with workspace trust on and modal dialogs. */
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { insist } from "./command.mjs";
import { browserArguments, findBrowser } from "./editor/browser.mjs";
import { installVsix, startCodeServer } from "./editor/code-server.mjs";
import { installStandIn } from "./editor/install.mjs";
import { runSuites } from "./mocha.mjs";
import { isSource, out, root, samples, vsix } from "./paths.mjs";
import { suites } from "./suites.mjs";

/**
 * Packs, installs, opens a folder nobody has trusted yet, and runs the `*.installed` suites from outside.
 * @param {number} port For the browser's debugging protocol.
 * @returns {Promise<number>} How many tests failed.
 */
export async function runInstalled(port) {
  await insist("npm", ["run", "-s", "package"], { cwd: root });
  const folder = path.join(out, "installed");
  rmSync(folder, { recursive: true, force: true });
  const editor = {
    standIn: await installStandIn(),
    data: path.join(folder, "data"),
    extensions: path.join(folder, "extensions"),
  };
  await installVsix(editor, vsix);
  const server = await startCodeServer({ ...editor, trust: true });
  console.log("The installed VSIX runs in code-server, with workspace trust on");
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: [...browserArguments, `--remote-debugging-port=${port}`],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(`${server.url}/?folder=${encodeURIComponent(untrusted(folder))}`);
    await page.locator(".monaco-workbench").waitFor();
    process.env["ROOTPORT_CDP"] = String(port);
    return await runSuites(installedSuites(), path.join(out, "reports/installed.json"));
  } finally {
    await browser.close();
    server.stop();
  }
}

function installedSuites() {
  const files = readdirSync(suites).filter((name) => name.endsWith(".installed.cjs"));
  return files.map((name) => path.join(suites, name));
}

/** @param {string} parent */
function untrusted(parent) {
  const folder = path.join(parent, "somebody-elses-driver");
  mkdirSync(folder, { recursive: true });
  cpSync(samples, folder, { recursive: true, filter: isSource });
  return folder;
}
