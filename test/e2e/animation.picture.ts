/** The README's animation, eight seconds: a register is watched, a driver stops before it writes, an address is followed. */
import assert from "node:assert/strict";
import path from "node:path";
import { suiteSetup, test } from "mocha";
import { Debugging } from "./debugging";
import { Animation, media } from "./picture";
import { story } from "./story";
import { Tree } from "./tree";

const limit = 700_000;

story("the README's animation", (workbench) => {
  const animation = new Animation(64);
  const frame = async (milliseconds: number): Promise<void> => {
    await workbench().page.waitForTimeout(500);
    animation.add(await workbench().page.screenshot(), milliseconds);
  };

  const widenSideBar = async (by: number): Promise<void> => {
    const { page } = workbench();
    const bar = await page.locator(".part.sidebar").boundingBox();
    if (!bar) throw new Error("the side bar is hidden");
    const [edge, middle] = [bar.x + bar.width, bar.y + bar.height / 2];
    await page.mouse.move(edge, middle);
    await page.mouse.down();
    await page.mouse.move(edge + by, middle, { steps: 5 });
    await page.mouse.up();
  };

  suiteSetup(async () => {
    await workbench().page.setViewportSize({ width: 1200, height: 700 });
    await workbench().activity("Rootport");
    await widenSideBar(120);
    const tree = new Tree(workbench(), "Devices");
    await tree.expand(/^edu/);
    await tree.expand(/^BAR0.*1 MiB/);
    await workbench().openDriver("edu.ts");
    await workbench().command("View: Toggle Minimap");
    await workbench().activity("Rootport");
  });

  /** The next pictures begin where this one did. */
  const putBack = async (): Promise<void> => {
    await new Debugging(workbench()).press("Shift+F5");
    await workbench().statusBar("driver removed").waitFor();
    await workbench().activity("Rootport");
    await widenSideBar(-120);
    await new Tree(workbench(), "Devices").menu(/^FACTORIAL/, "Remove Watchpoint");
    await workbench().command("View: Close All Editors");
  };

  test("tells the story in eight seconds", async () => {
    const debugging = new Debugging(workbench());
    const tree = new Tree(workbench(), "Devices");
    await frame(900);
    await tree.menu(/^FACTORIAL/, "Break on Write");
    await tree.row(/^FACTORIAL.*breaks on write/).waitFor();
    await frame(1000);
    await debugging.press("F5");
    await debugging.standsIn(/factorial/);
    await debugging.reason(/write edu\.FACTORIAL/).waitFor();
    await debugging.variable(/^n =/);
    if (await workbench().page.locator(".part.panel").isVisible())
      await workbench().command("View: Toggle Panel Visibility");
    await frame(1800);
    await workbench().activity("Rootport");
    await frame(700);
    await debugging.press("F10");
    await tree.row(/^FACTORIAL.*0x0*[1-9a-f]/).waitFor();
    await frame(1200);
    await workbench().command("View: Toggle Primary Side Bar Visibility");
    await workbench().command("Rootport: Translate Address…");
    await workbench().answer("edu.FACTORIAL");
    await workbench().webview().getByText("edu.FACTORIAL").first().waitFor();
    await frame(1400);
    await workbench().webview().getByRole("tab", { name: "Topology" }).click();
    await frame(1000);
    await putBack();
    const bytes = animation.save(path.join(media, "story.gif"));
    assert.ok(bytes < limit, `the animation has ${bytes} bytes`);
  });
});
