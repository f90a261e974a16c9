/** Issue: "Set a watchpoint on a register from the tree, continue, and stop at the driver's line that touches it." */
import assert from "node:assert/strict";
import { suiteSetup, suiteTeardown, test } from "mocha";
import { Debugging } from "./debugging";
import { clean, lineOf } from "./sources";
import { story } from "./story";
import { Tree } from "./tree";

story("a watchpoint on a register", (workbench) => {
  let debugging: Debugging;
  let tree: Tree;

  suiteSetup(async () => {
    await clean();
    debugging = new Debugging(workbench());
    tree = new Tree(workbench(), "Devices");
    await workbench().openDriver("edu.ts");
  });
  suiteTeardown(clean);

  test("is set from the tree while the driver stands in probe", async () => {
    const first = lineOf("edu.ts", /^\s+(const|let) /, /probe\(/);
    await debugging.breakpoint(first);
    await debugging.press("F5");
    await debugging.stopsAt(first);
    await workbench().activity("Rootport");
    await tree.expand(/^edu/);
    await tree.expand(/^BAR0.*1 MiB/);
    await tree.menu(/^FACTORIAL/, "Break on Write");
    await tree.row(/^FACTORIAL.*breaks on write/).waitFor();
    await new Tree(workbench(), "Watchpoints").row(/edu\.FACTORIAL/).waitFor();
    await workbench().screenshot("watchpoint set");
  });

  test("stops the driver at its own line and says what is about to be written", async () => {
    await debugging.press("F5");
    await debugging.stopsAt(lineOf("edu.ts", /write.*FACTORIAL/));
    await debugging.reason(/write edu\.FACTORIAL 0x0 → 0x[0-9a-f]+/).waitFor();
    assert.match(await debugging.variable(/^n =/), /5/);
    await workbench().screenshot("stopped at a register");
  });

  test("stops before the write is done", async () => {
    await workbench().activity("Rootport");
    await tree.row(/^FACTORIAL.*0x00000000/).waitFor();
  });

  test("lets the driver step on, and tree and panel show the write", async () => {
    await workbench().command("Rootport: Open Panel");
    await workbench().webview().getByText("driver paused").waitFor();
    await workbench().webview().getByRole("tab", { name: "Devices" }).click();
    await debugging.press("F10");
    await tree.row(/^FACTORIAL.*0x0*[1-9a-f]/).waitFor();
    const panel = workbench()
      .webview()
      .getByRole("row")
      .filter({ hasText: /FACTORIAL.*0x0*[1-9a-f]/ });
    await panel.waitFor();
    await workbench().screenshot("after the write");
  });
});
