/** Issue: "the real-VS-Code suite clicking through: breakpoints view, variables context menu, watch editor, memory view." */
import assert from "node:assert/strict";
import { suiteSetup, suiteTeardown, test } from "mocha";
import type { Locator } from "playwright-core";
import * as vscode from "vscode";
import { Debugging } from "./debugging";
import { clean, lineOf } from "./sources";
import { story } from "./story";

story("the machine in VS Code's own views", (workbench) => {
  let debugging: Debugging;

  const variable = (text: RegExp): Locator =>
    workbench().page.locator(".debug-variables .monaco-list-row").filter({ hasText: text }).first();

  async function menu(row: Locator, item: string): Promise<void> {
    const { page } = workbench();
    await row.click({ button: "right" });
    const entry = page.locator(".monaco-menu .action-label", { hasText: item }).first();
    await entry.hover();
    // VS Code ignores the button that is let go right after a menu has opened.
    await page.waitForTimeout(300);
    await entry.click();
    await entry.waitFor({ state: "hidden" });
  }

  suiteSetup(async () => {
    await clean();
    debugging = new Debugging(workbench());
    const line = lineOf("edu.ts", /iowrite32\(n, io, FACTORIAL\)/);
    await workbench().openDriver("edu.ts");
    await debugging.breakpoint(line);
    await debugging.press("F5");
    await debugging.stopsAt(line);
    await variable(/^Device edu/).waitFor();
    await variable(/^Device edu/).click();
    await variable(/^LIVENESS/).waitFor();
  });
  suiteTeardown(clean);

  test("a register is poked from the menu of Variables, and shown as it is then", async () => {
    await menu(variable(/^LIVENESS/), "Poke Past the Bus");
    await workbench().answer("0x77");
    await variable(/^LIVENESS\s*=\s*0x77/).waitFor();
    await workbench().screenshot("poked from Variables");
  });

  test("a register is written over the bus from the same menu: the device answers with its inverse", async () => {
    await menu(variable(/^LIVENESS/), "Write");
    await workbench().answer("0x1");
    await variable(/^LIVENESS\s*=\s*0xfffffffe/).waitFor();
  });

  test("a data breakpoint is set from Variables, stands in Breakpoints, and stops the driver", async () => {
    // The row below may be out of sight.
    await variable(/^LIVENESS/).click();
    await workbench().page.keyboard.press("ArrowDown");
    await menu(variable(/^FACTORIAL/), "Break on Value Change");
    const pane = workbench().pane("Breakpoints");
    await pane.locator(".monaco-list-row .name", { hasText: "Uncaught exceptions" }).click();
    await workbench().page.keyboard.press("End");
    await pane.locator(".monaco-list-row", { hasText: "edu.FACTORIAL" }).waitFor();
    vscode.debug.removeBreakpoints(
      vscode.debug.breakpoints.filter((it) => it instanceof vscode.SourceBreakpoint),
    );
    await debugging.press("F5");
    await debugging.reason(/write edu\.FACTORIAL 0x0 → 0x5/).waitFor();
    await workbench().activity("Explorer");
    await workbench()
      .statusBar(/write edu\.FACTORIAL 0x0 → 0x5 by factorial\(\)/)
      .waitFor();
    await workbench().screenshot("why it stopped, with the Explorer open");
  });

  test("the console says what is wrong with an expression, and nothing pops up", async () => {
    await workbench().command("Debug Console: Focus on Debug Console View");
    await workbench().page.keyboard.type("nonsense");
    await workbench().page.keyboard.press("Enter");
    await debugging.console(/nonsense is not defined/).waitFor();
    assert.equal(await workbench().page.locator(".notification-toast").count(), 0);
  });

  test("memory is read where VS Code's hex view reads it", async () => {
    const session = vscode.debug.activeDebugSession;
    assert.ok(session);
    const { memoryReference } = (await session.customRequest("evaluate", {
      expression: "edu.ID",
      context: "watch",
    })) as { memoryReference: string };
    const uri = vscode.Uri.from({
      scheme: "vscode-debug-memory",
      authority: session.id,
      path: `/${encodeURIComponent(memoryReference)}/memory.bin`,
      query: "range=0:4",
    });
    const bytes = await vscode.workspace.fs.readFile(uri);
    assert.deepEqual([...bytes.slice(0, 4)], [0xed, 0, 0, 1]);
  });
});
