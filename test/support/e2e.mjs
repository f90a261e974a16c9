/** The end-to-end suites: in the extension host of an editor, then against the installed VSIX with workspace trust on. */
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { chooseEditor } from "./editor/choose.mjs";
import { writeSettings } from "./editor/settings.mjs";
import { runInstalled } from "./installed.mjs";
import { isSource, out, root, samples } from "./paths.mjs";
import { freePort } from "./port.mjs";
import { compileSuites, suites } from "./suites.mjs";

await compileSuites();
const developed = await inExtensionHost();
const installed = process.platform === "linux" ? await runInstalled({ kind: "installed", trust: true }) : 0;
process.exit(developed || installed);

/** @returns {Promise<number>} An exit code. */
async function inExtensionHost() {
  const editor = await chooseEditor();
  console.log(`End-to-end tests run in ${editor.title}`);
  const port = await freePort();
  try {
    return await runTests({
      vscodeExecutablePath: editor.executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(suites, "index.cjs"),
      extensionTestsEnv: { ROOTPORT_CDP: String(port) },
      launchArgs: [
        freshWorkspace(),
        "--disable-extensions",
        `--remote-debugging-port=${port}`,
        ...freshProfile(),
      ],
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

/** A copy of the samples, as `npm start` opens one. */
function freshWorkspace() {
  const folder = path.join(out, "workspace/samples");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (existsSync(samples)) {
    cpSync(samples, folder, { recursive: true, filter: isSource });
  }
  return folder;
}

function freshProfile() {
  const folder = path.join(out, "profile");
  rmSync(folder, { recursive: true, force: true });
  writeSettings(`${folder}/data`, { trust: false });
  return [`--user-data-dir=${folder}/data`, `--extensions-dir=${folder}/extensions`];
}
