/** Issue: "Open the panel: device tree, BARs, /proc/iomem, and Translate." */
import assert from "node:assert/strict";
import { suiteSetup, suiteTeardown, test } from "mocha";
import type { FrameLocator } from "playwright-core";
import { Debugging } from "./debugging";
import { clean } from "./sources";
import { story } from "./story";

story("the panel", (workbench) => {
  let panel: FrameLocator;
  const tab = (name: string) => panel.getByRole("tab", { name }).click();

  suiteSetup(async () => {
    await clean();
    await workbench().openDriver("edu.ts");
    await new Debugging(workbench()).press("F5");
    await workbench().statusBar("driver bound").waitFor();
    await workbench().command("Rootport: Open Panel");
    panel = workbench().webview();
  });
  suiteTeardown(clean);

  test("draws the devices, and the registers of the one that is chosen", async () => {
    const tree = panel.getByRole("tree", { name: "Devices" });
    await tree.getByRole("treeitem").nth(2).waitFor();
    await tree.getByRole("treeitem", { name: /^edu\b/ }).click();
    const register = panel.getByRole("row").filter({ hasText: "FACTORIAL" });
    await register.filter({ hasText: "0x00375f00" }).waitFor();
    await register.click();
    await workbench().screenshot("panel devices");
  });

  test("lists every BAR with its address on the bus and for the CPU", async () => {
    await tab("BARs");
    const row = panel.getByRole("row").filter({ hasText: /edu.*BAR0/ });
    assert.match((await row.textContent()) ?? "", /BAR0memory, 32-bit0x[0-9a-f]+0x[0-9a-f]+1 MiB/);
    await workbench().screenshot("panel BARs");
  });

  test("prints /proc/iomem", async () => {
    await tab("I/O Memory");
    await panel.getByText(/[0-9a-f]{8}-[0-9a-f]{8} : 0000:01:00\.0/).waitFor();
    await workbench().screenshot("panel iomem");
  });

  test("follows the driver's own pointer from the page tables to the register", async () => {
    await tab("Translate");
    await panel.getByRole("button", { name: /^0xffff/ }).click();
    await panel
      .getByText(/^PTE\b/)
      .first()
      .waitFor();
    const hops = panel.getByRole("list", { name: "Hop by hop" });
    await hops
      .getByRole("listitem")
      .filter({ hasText: /host bridge/i })
      .first()
      .waitFor();
    await hops
      .getByRole("listitem")
      .filter({ hasText: /edu BAR0 \+ 0x0/ })
      .waitFor();
    await hops
      .getByRole("listitem")
      .filter({ hasText: /edu\.ID/ })
      .waitFor();
    await workbench().command("View: Toggle Panel Visibility");
    await workbench().screenshot("panel translate");
  });

  test("says in a sentence what is no address", async () => {
    const field = panel.locator("input[placeholder*=virtual]");
    await field.fill("tea");
    await field.press("Enter");
    await panel.getByRole("alert").filter({ hasText: "tea" }).waitFor();
  });
});
