/** Issue: "dark, light, both high contrast; axe finds nothing serious." */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suiteSetup, suiteTeardown, test } from "mocha";
import type { Frame } from "playwright-core";
import * as vscode from "vscode";
import { story } from "./story";

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const themes = ["Dark Modern", "Light Modern", "Default High Contrast", "Default High Contrast Light"];

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

story("the panel for those who see it otherwise", (workbench) => {
  const look = vscode.workspace.getConfiguration("workbench");

  suiteSetup(async () => {
    await workbench().command("Rootport: Open Panel");
    await workbench().webview().getByRole("tab").first().waitFor();
  });
  suiteTeardown(async () => {
    await look.update("colorTheme", undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  /** The page inside the webview's two frames. */
  async function page(): Promise<Frame> {
    const handle = await workbench().webview().locator("html").elementHandle();
    const frame = await handle?.ownerFrame();
    if (!frame) throw new Error("the panel has no page");
    return frame;
  }

  /** What axe calls serious or critical on the tab that is shown: a line for each rule, with its first place. */
  async function complaints(): Promise<string[]> {
    const frame = await page();
    await frame.evaluate(axe);
    const violations = await frame.evaluate<Violation[]>(
      "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)",
    );
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}, ${nodes.length} times: ${nodes[0]?.html}: ${nodes[0]?.failureSummary}`);
  }

  for (const theme of themes) {
    test(`has nothing on any tab that axe calls serious, in ${theme}`, async () => {
      await look.update("colorTheme", theme, vscode.ConfigurationTarget.Global);
      const found: string[] = [];
      for (const tab of await workbench().webview().getByRole("tab").all()) {
        await tab.click();
        await workbench().page.waitForTimeout(300);
        const name = (await tab.textContent())?.trim() ?? "";
        await workbench().screenshot(`panel ${name.replace("/", "")}, ${theme}`);
        found.push(...(await complaints()).map((complaint) => `${name}: ${complaint}`));
      }
      assert.deepEqual(found, []);
    });
  }
});
