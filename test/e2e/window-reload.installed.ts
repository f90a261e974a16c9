/** Issue: "which machine is current, what survives a window reload." */
import { suiteSetup, test } from "mocha";
import { story } from "./story";
import { Tree } from "./tree";

story("a window that is loaded again", (workbench) => {
  let tree: Tree;

  suiteSetup(async () => {
    tree = new Tree(workbench(), "Devices");
    await workbench().activity("Rootport");
    await tree.row("edu").waitFor();
    await workbench().command("Rootport: Open Machine…");
    await workbench().page.locator(".quick-input-list .monaco-list-row", { hasText: "edu-bench" }).waitFor();
    await workbench().answer("edu-bench");
    await workbench().statusBar("edu-bench: ready").waitFor();
    await tree.expand(/^edu/);
    await tree.expand(/^BAR0.*1 MiB/);
    await tree.menu(/^FACTORIAL/, "Break on Write");
    await tree.expand(/^STATUS.*\+0x20/);
    await workbench().command("Rootport: Translate Address…");
    await workbench().answer("edu.STATUS");
    await workbench().webview().getByText("edu.STATUS").first().waitFor();
    // In a browser the workbench writes down what a view remembers every five seconds, when it is at rest.
    await workbench().page.waitForTimeout(15_000);
    await workbench().page.reload();
    await workbench().page.locator(".monaco-workbench").waitFor();
  });

  test("has the machine that was opened last", async () => {
    await workbench().statusBar("edu-bench: ready").waitFor();
    await tree.row(/^edu.*0000:00:05\.0/).waitFor();
  });

  test("has the watchpoints", async () => {
    await tree.row(/^FACTORIAL.*breaks on write/).waitFor();
    await new Tree(workbench(), "Watchpoints").row(/edu\.FACTORIAL/).waitFor();
  });

  test("has the rows open that were open", async () => {
    await tree.row(/^COMPUTING/).waitFor();
  });

  test("has the panel, on its tab, with its address", async () => {
    const panel = workbench().webview();
    await panel.getByRole("tab", { name: "Translate", selected: true }).waitFor();
    await panel.getByText(/^edu\.STATUS dies on the bus/).waitFor();
    await workbench().screenshot("after a reload");
  });
});
