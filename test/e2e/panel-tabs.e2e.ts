/** Issue: "Trace, Register with a staged write, Explain, Boot replay": each tab of the panel in the real editor. */
import assert from "node:assert/strict";
import { suiteSetup, suiteTeardown, test } from "mocha";
import type { FrameLocator } from "playwright-core";
import * as vscode from "vscode";
import { Debugging } from "./debugging";
import { clean } from "./sources";
import { story } from "./story";
import { Tree } from "./tree";

story("the panel's tabs", (workbench) => {
  let panel: FrameLocator;
  let devices: Tree;

  suiteSetup(async () => {
    await clean();
    await workbench().activity("Rootport");
    devices = new Tree(workbench(), "Devices");
    await devices.expand(/^edu/);
    await devices.expand(/^BAR0.*1 MiB/);
    await workbench().command("Rootport: Open Panel");
    panel = workbench().webview();
    await panel.getByRole("tab").first().waitFor();
  });
  suiteTeardown(async () => {
    await clean();
  });

  const tab = (title: string): Promise<void> => panel.getByRole("tab", { name: title }).click();

  test("a register is written over the bus, and the device answers as it would to a driver", async () => {
    await tab("Explain");
    await tab("Register");
    await devices.row(/^LIVENESS/).click();
    await panel.getByRole("heading", { name: "edu.LIVENESS" }).waitFor();
    await panel.getByRole("textbox", { name: "New value" }).fill("0x12345678");
    await panel.getByRole("button", { name: "Poke past the Bus" }).click();
    await panel.getByRole("status").filter({ hasText: "poked past the bus into edu.LIVENESS" }).waitFor();
    await devices.row(/^LIVENESS.*0x12345678/).waitFor();
    await workbench().screenshot("panel register poked");
  });

  test("a read of what does not decode is explained by its bit", async () => {
    await tab("Explain");
    await panel.getByRole("textbox", { name: "Access" }).fill("edu.FACTORIAL");
    await panel.getByRole("button", { name: "Explain" }).click();
    await panel.getByRole("heading", { name: "The bit that decides" }).waitFor();
    await panel.locator(".decider", { hasText: "COMMAND" }).waitFor();
    await workbench().screenshot("panel explain");
  });

  test("the boot is replayed, decision by decision", async () => {
    await tab("Boot Replay");
    const slider = panel.getByRole("slider", { name: "Decision" });
    await panel.getByText(/^1 of \d+$/).waitFor();
    await slider.press("End");
    await panel.getByRole("option", { selected: true }).waitFor();
    await workbench().screenshot("panel boot replay");
    const field = panel.getByRole("textbox", { name: "What if" });
    await field.fill("edu.BAR0=1G");
    await field.press("Enter");
    await panel.getByRole("option").filter({ hasText: "Place" }).first().waitFor();
  });

  test("what a driver does is recorded, with its line, and found by name", async () => {
    await tab("Trace");
    await panel.getByRole("button", { name: "Record", exact: true }).click();
    await panel.getByRole("button", { name: "Stop Recording" }).waitFor();
    await workbench().openDriver("edu.ts");
    const debugging = new Debugging(workbench());
    await debugging.press("F5");
    await workbench().statusBar("driver bound").waitFor();
    await workbench().command("Rootport: Open Panel");
    await panel.getByRole("textbox", { name: "Search" }).fill("edu.FACTORIAL");
    const write = panel
      .getByRole("option")
      .filter({ hasText: /MWr.*edu\.FACTORIAL.*edu\.ts:\d+/ })
      .first();
    await write.waitFor();
    await workbench().screenshot("panel trace");
    await write.dblclick();
    await workbench().page.locator('.tab.active[data-resource-name="edu.ts"]').waitFor();
    const line = vscode.window.activeTextEditor?.selection.active.line ?? -1;
    const text = vscode.window.activeTextEditor?.document.lineAt(line).text ?? "";
    assert.match(text, /FACTORIAL/);
    await vscode.debug.stopDebugging();
    await workbench().statusBar("driver removed").waitFor();
  });
});
