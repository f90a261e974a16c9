#!/usr/bin/env node
/**
 * Stands in for the desktop `code` executable: takes the command line that @vscode/test-electron uses, and runs
 * the tests in code-server's extension host behind a headless browser. The exit code is the tests'.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { format, parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { browserArguments, findBrowser } from "./browser.mjs";
import { startCodeServer } from "./code-server.mjs";
import { installStandIn } from "./install.mjs";

const minutes = 20;
/** What the workbench says of itself; ROOTPORT_EDITOR_LOG=all shows it. */
const noise = new RegExp(
  [
    "^(Resolv(ing|ed) connection token|Creating a socket|\\[reconnection-grace-time\\]|Updating additional builtin",
    "\\[Service Worker\\]|\\[AgentHost|\\[AccountPolicyGate\\]|(Invoking )?resolveAuthority|Auto updating",
    "Ignoring fetching additional|\\[ChatModelSelection\\])|open-vsx\\.org",
  ].join("|"),
);

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: "string", multiple: true },
    extensionTestsPath: { type: "string" },
    "user-data-dir": { type: "string" },
    "extensions-dir": { type: "string" },
    "remote-debugging-port": { type: "string" },
  },
});
const option = (/** @type {keyof typeof values} */ name) => {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
};

const scratch = mkdtempSync(path.join(tmpdir(), "rootport-code-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
process.exit(await runTests());

async function runTests() {
  const server = await startCodeServer({
    standIn: await installStandIn(),
    data: path.resolve(option("user-data-dir") ?? path.join(scratch, "data")),
    extensions: path.resolve(option("extensions-dir") ?? path.join(scratch, "extensions")),
    trust: false,
    testDriver: true,
  });
  const browser = await launchBrowser();
  try {
    return await testsIn(browser, server.url);
  } finally {
    await browser.close();
    server.stop();
  }
}

async function launchBrowser() {
  const port = option("remote-debugging-port");
  const debugging = port ? [`--remote-debugging-port=${port}`, "--remote-debugging-address=127.0.0.1"] : [];
  return chromium.launch({
    executablePath: await findBrowser(),
    headless: true,
    args: [...browserArguments, ...debugging],
  });
}

/**
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @returns {Promise<number>} The exit code that the extension host reports.
 */
async function testsIn(browser, url) {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  /** @type {(code: number) => void} */
  let finish = () => {};
  /** @type {Promise<number>} */
  const finished = new Promise((resolve) => {
    finish = resolve;
  });
  await page.exposeFunction("codeAutomationLog", print);
  await page.exposeFunction("codeAutomationExit", finish);
  page.once("crash", () => finish(fail("The editor's page crashed", 1)));
  setTimeout(() => finish(fail(`The tests did not end within ${minutes} minutes`, 124)), minutes * 60_000);
  await page.goto(testAddress(url));
  return finished;
}

/** @param {string} url */
function testAddress(url) {
  const remote = (/** @type {string} */ file) =>
    `vscode-remote://${new URL(url).host}${encodeURI(path.resolve(file))}`;
  const payload = [
    ["skipWelcome", "true"],
    ...[values.extensionDevelopmentPath ?? []]
      .flat()
      .map((folder) => ["extensionDevelopmentPath", remote(String(folder))]),
    ["extensionTestsPath", remote(option("extensionTestsPath") ?? "")],
  ];
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (positionals[0]) query.set("folder", path.resolve(positionals[0]));
  return `${url}/?${query}`;
}

/**
 * @param {string} level
 * @param {readonly unknown[]} args
 */
function print(level, args) {
  const text = format(...args);
  if (process.env["ROOTPORT_EDITOR_LOG"] !== "all" && noise.test(text)) return;
  const stream = level === "error" || level === "warn" ? process.stderr : process.stdout;
  stream.write(`${text}\n`);
}

/**
 * @param {string} sentence
 * @param {number} code
 */
function fail(sentence, code) {
  console.error(sentence);
  return code;
}
