/** Which editor the tests and `npm start` use: desktop VS Code where it can be had and shown, else its stand-in. */
import path from "node:path";
import { downloadAndUnzipVSCode } from "@vscode/test-electron";
import { root } from "../paths.mjs";
import { findBrowser } from "./browser.mjs";
import { installStandIn } from "./install.mjs";

/** @typedef {{ readonly title: string, readonly executable: string }} Editor */

const { env } = process;

/** `ROOTPORT_EDITOR=desktop|browser`; undefined lets us choose. */
export function wish() {
  const asked = env["ROOTPORT_EDITOR"];
  if (asked === undefined || asked === "") return undefined;
  if (asked === "desktop" || asked === "browser") return asked;
  throw new Error(`ROOTPORT_EDITOR is "${asked}": set it to "desktop" or "browser", or unset it`);
}

/**
 * An editor that runs extension tests, ready to start.
 * @returns {Promise<Editor>}
 */
export async function chooseEditor() {
  const asked = wish();
  const display = process.platform !== "linux" || env["DISPLAY"] || env["WAYLAND_DISPLAY"];
  if (asked === "desktop" || (!asked && display)) {
    try {
      return await downloadDesktop();
    } catch (error) {
      if (asked) throw error;
      console.log(`Desktop VS Code cannot be downloaded (${String(error)}): using the stand-in`);
    }
  }
  await installStandIn();
  await findBrowser();
  return {
    title: "VS Code's workbench from code-server, in a headless browser",
    executable: path.join(import.meta.dirname, "code.mjs"),
  };
}

/** @returns {Promise<Editor>} */
async function downloadDesktop() {
  const executable = await downloadAndUnzipVSCode({ cachePath: path.join(root, ".cache/vscode") });
  return { title: "desktop VS Code", executable };
}
