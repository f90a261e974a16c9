/** Issue: '"Add Data Breakpoint at Address" clicked in a real VS Code.' */
import { suiteSetup, suiteTeardown, test } from "mocha";
import { Debugging } from "./debugging";
import { clean, lineOf } from "./sources";
import { story } from "./story";

story("a native data breakpoint at an address", (workbench) => {
  let debugging: Debugging;

  suiteSetup(async () => {
    await clean();
    debugging = new Debugging(workbench());
    const first = lineOf("edu.ts", /^\s+(const|let) /, /probe\(/);
    await workbench().openDriver("edu.ts");
    await debugging.breakpoint(first);
    await debugging.press("F5");
    await debugging.stopsAt(first);
  });
  suiteTeardown(clean);

  test("is added by the button in the title of Breakpoints", async () => {
    const { page } = workbench();
    const pane = workbench().pane("Breakpoints");
    await pane.hover();
    await pane.locator('.action-label[aria-label^="Add Data Breakpoint at Address"]').click();
    await workbench().answer("0x40000008 + 4");
    await page.locator(".quick-input-list .monaco-list-row", { hasText: /write/i }).first().click();
    // Below the exception filters, which fill the pane.
    await pane.locator(".monaco-list-row .name", { hasText: "Uncaught exceptions" }).click();
    await page.keyboard.press("End");
    await pane.locator(".monaco-list-row", { hasText: /0x40000008/ }).waitFor();
    await workbench().screenshot("data breakpoint added");
  });

  test("stops the driver at its own line before the register is written", async () => {
    await debugging.press("F5");
    await debugging.stopsAt(lineOf("edu.ts", /write.*FACTORIAL/));
    await debugging.reason(/write edu\.FACTORIAL 0x0 → 0x[0-9a-f]+/).waitFor();
    await workbench().screenshot("stopped at an address");
  });
});
