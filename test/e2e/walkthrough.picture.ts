/** The pictures of the walkthrough: one for each step, in a dark and a light theme. */
import path from "node:path";
import { suiteSetup, test } from "mocha";
import type { Locator } from "playwright-core";
import { Debugging } from "./debugging";
import { media, savePicture } from "./picture";
import { story } from "./story";
import { Tree } from "./tree";

for (const [theme, name] of [
  ["Dark Modern", "dark"],
  ["Light Modern", "light"],
] as const) {
  story(`the walkthrough's pictures, ${name}`, (workbench) => {
    const picture = async (step: string, of: Locator): Promise<void> => {
      await workbench().page.waitForTimeout(500);
      await savePicture(of, path.join(media, "walkthrough", `${step}-${name}.webp`));
    };
    const sideBar = () => workbench().page.locator(".part.sidebar");
    const editor = () => workbench().page.locator(".part.editor");
    const tab = (title: string) => workbench().webview().getByRole("tab", { name: title }).click();

    suiteSetup(async () => {
      await workbench().page.setViewportSize({ width: 1160, height: 720 });
      await workbench().activity("Rootport");
      await workbench().page.keyboard.press("Control+k");
      await workbench().page.keyboard.press("Control+t");
      await workbench().page.locator(".quick-input-list .monaco-list-row").first().waitFor();
      await workbench().page.keyboard.type(theme);
      await workbench()
        .page.locator(".quick-input-list .monaco-list-row.focused", { hasText: theme })
        .waitFor();
      await workbench().page.keyboard.press("Enter");
      await workbench().activity("Rootport");
      const tree = new Tree(workbench(), "Devices");
      await tree.expand(/^edu/);
      await tree.expand(/^BAR0.*1 MiB/);
    });

    test("a machine that is on", async () => {
      await picture("machine", sideBar());
    });

    test("its topology", async () => {
      await workbench().command("Rootport: Open Panel");
      await tab("Topology");
      await picture("look", editor());
    });

    test("a driver that is stepped, stopped at a register", async () => {
      const debugging = new Debugging(workbench());
      if (name === "dark") await new Tree(workbench(), "Devices").menu(/^FACTORIAL/, "Break on Write");
      await picture("watchpoint", sideBar());
      await workbench().command("View: Close All Editors");
      await workbench().openDriver("edu.ts");
      await debugging.press("F5");
      await debugging.standsIn(/factorial/);
      if (await workbench().page.locator(".part.panel").isVisible())
        await workbench().command("View: Toggle Panel Visibility");
      await picture("driver", editor());
    });

    test("the way of an address", async () => {
      await workbench().command("View: Close All Editors");
      await workbench().command("Rootport: Translate Address…");
      await workbench().answer("edu.FACTORIAL");
      await workbench().webview().getByText("edu.FACTORIAL").first().waitFor();
      await picture("translate", editor());
      await new Debugging(workbench()).press("Shift+F5");
      await workbench().statusBar("driver removed").waitFor();
    });
  });
}
