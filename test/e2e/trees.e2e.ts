/** Issue: "edit by F2, radix, changed-value marks, keyboard paths for all item commands; Reset while debugging." */
import { suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { Debugging } from "./debugging";
import { clean, lineOf } from "./sources";
import { story } from "./story";
import { Tree } from "./tree";
import { until } from "./until";

story("the trees", (workbench) => {
  let devices: Tree;

  const choose = async (label: string): Promise<void> => {
    await workbench().page.locator(`.quick-input-list .monaco-list-row[aria-label^="${label}"]`).click();
  };

  suiteSetup(async () => {
    await clean();
    await workbench().activity("Rootport");
    devices = new Tree(workbench(), "Devices");
    await devices.row("edu").waitFor();
    await workbench().command("Rootport: Power Cycle");
    await devices.expand(/^edu/);
    await devices.expand(/^BAR0.*1 MiB/);
  });
  suiteTeardown(async () => {
    // Back to where others look.
    await vscode.commands.executeCommand("rootport.reveal", "edu.STATUS");
    await clean();
  });

  test("show values in the digits that were chosen", async () => {
    await devices.row(/^ID.*0x010000ed/).waitFor();
    await workbench().command("Rootport: Show Values As");
    await choose("Decimal");
    await devices.row(/^ID.*16777453 · ro/).waitFor();
    await workbench().command("Rootport: Show Values As");
    await choose("Hexadecimal");
    await devices.row(/^ID.*0x010000ed/).waitFor();
  });

  test("show no value of a register that can only be written", async () => {
    await devices.row(/^IRQ_ACK.*write-only · \+0x64/).waitFor();
  });

  test("write a register over the bus by F2, and mark what has changed", async () => {
    await vscode.commands.executeCommand("rootport.reveal", "edu.config.COMMAND");
    const row = devices.row(/^COMMAND.*0x0000 · rw · \+0x4/);
    await row.click();
    await workbench().page.keyboard.press("F2");
    await workbench().answer("0x2");
    await devices.row(/^COMMAND.*0x0002 · rw · \+0x4 · was 0x0000/).waitFor();
    await workbench().screenshot("written by F2");
  });

  test("refuse a number that does not fit, while it is typed", async () => {
    await devices.row(/^COMMAND.*\+0x4/).click();
    await workbench().page.keyboard.press("F2");
    const input = workbench().page.locator(".quick-input-widget input[type=text]");
    await input.fill("0x12345");
    await workbench().page.getByText("does not fit 16 bits").first().waitFor();
    await workbench().page.keyboard.press("Escape");
  });

  test("poke a field by the name of its value, or by number", async () => {
    await devices.expand(/^COMMAND.*\+0x4/);
    await devices.menu(/^BUS_MASTER|^MASTER/, "Poke Past the Bus");
    await workbench().answer("1");
    await devices.row(/^COMMAND.*0x0006/).waitFor();
  });

  test("are reset while a driver is debugged, once its end is agreed to", async () => {
    const debugging = new Debugging(workbench());
    await workbench().openDriver("edu.ts");
    const first = lineOf("edu.ts", /^\s+(const|let) /, /probe\(/);
    await debugging.breakpoint(first);
    await debugging.press("F5");
    await debugging.stopsAt(first);
    await workbench().activity("Rootport");
    await until(async () => /driver paused/.test((await workbench().pane("Devices").textContent()) ?? ""));
    await workbench().command("Rootport: Reset");
    const question = await workbench().notification(/A driver runs on this machine, and Reset ends it/);
    await question.locator(".monaco-button", { hasText: "End and Reset" }).click();
    await debugging.ended();
    await workbench().statusBar("demo: ready").waitFor();
  });
});
