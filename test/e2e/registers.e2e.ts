/** Issue: "trees Registers and Watchpoints with a mirror of the native ones; copy as text; one shared selection." */
import assert from "node:assert/strict";
import { suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { Debugging } from "./debugging";
import { clean, lineOf } from "./sources";
import { story } from "./story";
import { Tree } from "./tree";
import { until } from "./until";

story("registers", (workbench) => {
  let devices: Tree;
  let registers: Tree;

  suiteSetup(async () => {
    await clean();
    devices = new Tree(workbench(), "Devices");
    registers = new Tree(workbench(), "Registers");
    await workbench().activity("Rootport");
    await devices.expand(/^edu/);
    await devices.expand(/^BAR0.*1 MiB/);
  });
  suiteTeardown(async () => {
    await vscode.commands.executeCommand("rootport.unpinRegister", { register: "edu.STATUS" });
    await clean();
  });

  test("one is pinned from its menu, and stands in Registers with its value", async () => {
    await devices.menu(/^STATUS.*\+0x20/, "Pin Register…");
    await registers.row(/^edu\.STATUS0x[0-9a-f]{8}/).waitFor();
  });

  test("one is copied as a C macro from the Copy As menu", async () => {
    const { page } = workbench();
    await devices.row(/^STATUS.*\+0x20/).click({ button: "right" });
    await page.locator(".monaco-menu .action-label", { hasText: "Copy As" }).first().click();
    await page.waitForTimeout(300);
    const macro = page.locator(".monaco-menu .action-label", { hasText: "C Macro" }).last();
    await macro.hover();
    await page.waitForTimeout(300);
    await macro.click();
    await until(async () => (await vscode.env.clipboard.readText()).startsWith("#define EDU_STATUS 0x20\n"));
    await workbench().screenshot("registers");
  });

  test("one that is chosen in the tree is chosen in the panel, and the other way round", async () => {
    await workbench().command("Rootport: Open Panel");
    const panel = workbench().webview();
    await panel.getByRole("tab", { name: "Register" }).click();
    await devices.row(/^ID/).click();
    await devices.row(/^LIVENESS/).click();
    await panel.getByRole("heading", { name: "edu.LIVENESS" }).waitFor();
    await panel.getByRole("option", { name: /^FACTORIAL/ }).click();
    await until(async () => /selected/.test((await devices.row(/^FACTORIAL/).getAttribute("class")) ?? ""));
    await workbench().screenshot("panel register");
    await panel.getByRole("tab", { name: "Topology" }).click();
    await panel.getByRole("treeitem", { name: /^edu\b/, selected: true }).waitFor();
    await workbench().screenshot("panel topology");
  });

  test("those that changed stand there after a run, and the native breakpoint's mirror in Watchpoints", async () => {
    const debugging = new Debugging(workbench());
    await workbench().openDriver("edu.ts");
    const first = lineOf("edu.ts", /^\s+(const|let) /, /probe\(/);
    await debugging.breakpoint(first);
    await debugging.press("F5");
    await debugging.stopsAt(first);
    await workbench().pane("Breakpoints").hover();
    const add = '.action-label[aria-label^="Add Data Breakpoint at Address"]';
    await workbench().pane("Breakpoints").locator(add).click();
    await workbench().answer("0x40000008 + 4");
    await workbench()
      .page.locator(".quick-input-list .monaco-list-row", { hasText: /write/i })
      .first()
      .click();
    await debugging.press("F5");
    await debugging.reason(/write edu\.FACTORIAL/).waitFor();
    await workbench().activity("Rootport");
    await new Tree(workbench(), "Watchpoints").row(/In the Breakpoints view/).waitFor();
    await registers.row(/^Recently changed/).waitFor();
    const rows = await registers.text();
    assert.ok(
      rows.some((row) => /^edu\.(LIVENESS|STATUS|config\.COMMAND)/.test(row)),
      rows.join("\n"),
    );
    await workbench().screenshot("registers that changed");
  });

  test("Reset puts them back, and the machine stays on", async () => {
    await vscode.debug.stopDebugging();
    await workbench().statusBar("driver removed").waitFor();
    await workbench().command("Rootport: Reset");
    await workbench().statusBar("demo: ready").waitFor();
    await devices.row(/^LIVENESS.*0x00000000/).waitFor();
  });
});
