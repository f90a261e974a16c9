/** The end-to-end suites: in the extension host of an editor, then against the installed VSIX with workspace trust on. */
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { chooseEditor } from "./editor/choose.mjs";
import { runInstalled } from "./installed.mjs";
import { isSource, out, root, samples } from "./paths.mjs";
import { compileSuites, suites } from "./suites.mjs";

await compileSuites();
const developed = await inExtensionHost();
const installed = process.platform === "linux" ? await runInstalled(await freePort()) : 0;
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
  return [`--user-data-dir=${folder}/data`, `--extensions-dir=${folder}/extensions`];
}

/** @returns {Promise<number>} */
function freePort() {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
