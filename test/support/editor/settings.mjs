/** The settings of an editor that tests or `npm start` run: quiet, offline, and drawn by VS Code itself. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const quiet = {
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "window.menuStyle": "custom",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.openRepositoryInParentFolders": "never",
  "chat.disableAIFeatures": true,
};

/**
 * Writes the settings of a user-data folder, unless it has some.
 * @param {string} data
 * @param {{ readonly trust: boolean }} options Whether folders must be trusted.
 */
export function writeSettings(data, { trust }) {
  const file = path.join(data, "User/settings.json");
  if (existsSync(file)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...quiet, "security.workspace.trust.enabled": trust }, null, 2));
}
