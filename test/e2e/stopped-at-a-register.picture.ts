/** The picture in the README: a driver stopped at a register, and the way of its address. */
import path from "node:path";
import { test } from "mocha";
import { Debugging } from "./debugging";
import { story } from "./story";
import { Tree } from "./tree";

const picture = path.join(__dirname, "../../extension/media/stopped-at-a-register.png");

story("the README's picture", (workbench) => {
  test("shows a driver stopped at the line that writes edu.FACTORIAL", async () => {
    const debugging = new Debugging(workbench());
    const tree = new Tree(workbench(), "Devices");
    await workbench().activity("Rootport");
    await tree.expand(/^edu/);
    await tree.expand(/^BAR0.*1 MiB/);
    await tree.menu(/^FACTORIAL/, "Break on Write");
    await workbench().openDriver("edu.ts");
    await debugging.press("F5");
    await debugging.standsIn(/factorial/);
    await debugging.reason(/write edu\.FACTORIAL/).waitFor();
    await debugging.variable(/^n =/);
    await workbench().command("Rootport: Translate Address…");
    await workbench().answer("edu.FACTORIAL");
    await workbench().webview().getByText("edu.FACTORIAL").first().waitFor();
    await workbench().command("View: Toggle Panel Visibility");
    await workbench().command("View: Toggle Minimap");
    await workbench().page.screenshot({ path: picture });
  });
});
