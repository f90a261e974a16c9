/** `npm start`: VS Code with Rootport installed and a copy of the samples open. */
import { cpSync, existsSync } from "node:fs";
import path from "node:path";
import { insist, run } from "./command.mjs";
import { wish } from "./editor/choose.mjs";
import { installVsix, startCodeServer } from "./editor/code-server.mjs";
import { installStandIn } from "./editor/install.mjs";
import { isSource, root, samples, vsix } from "./paths.mjs";

const copy = path.join(root, ".cache/start/samples");

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function start() {
  const desktop = wish() === "desktop" || (wish() === undefined && (await hasCode()));
  await insist("npm", ["run", "-s", "package"], { cwd: root });
  cpSync(samples, copy, { recursive: true, force: false, filter: isSource });
  console.log(`Your copy of the samples: ${copy} (delete it for a fresh one)`);
  await (desktop ? openDesktop() : serveBrowser());
}

async function hasCode() {
  return (await run("code", ["--version"], { quiet: true, minutes: 1 })) === 0;
}

/** The `code` command hands over to VS Code and returns. */
async function openDesktop() {
  await insist("code", ["--install-extension", vsix, "--force"]);
  const edu = path.join(copy, "edu.ts");
  const files = existsSync(edu) ? [copy, edu] : [copy];
  await insist("code", ["--new-window", "--disable-workspace-trust", ...files]);
  console.log("VS Code is open: press F5 in edu.ts");
}

async function serveBrowser() {
  const folder = path.join(root, ".cache/start");
  const editor = {
    standIn: await installStandIn(),
    data: path.join(folder, "data"),
    extensions: path.join(folder, "extensions"),
  };
  await installVsix(editor, vsix);
  const server = await startCodeServer({ ...editor, trust: false });
  console.log("\nVS Code with Rootport, on this machine only:\n");
  console.log(`  ${server.url}/?folder=${encodeURIComponent(copy)}\n`);
  console.log("Open edu.ts and press F5. Ctrl+C ends it.");
  await server.ended;
}
