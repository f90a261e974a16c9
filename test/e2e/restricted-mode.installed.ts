/** Issue: "One VSIX run has workspace trust on: F5 in Restricted Mode explains, views still work." */
import { suiteSetup, test } from "mocha";
import { story } from "./story";
import { Tree } from "./tree";

story("the installed extension in a folder nobody trusts", (workbench) => {
  suiteSetup(async () => {
    await workbench().statusBar("Restricted Mode").waitFor();
  });

  test("shows the devices", async () => {
    await workbench().activity("Rootport");
    await new Tree(workbench(), "Devices").row(/^edu/).waitFor();
    await workbench().screenshot("restricted devices");
  });

  test("translates an address in the panel", async () => {
    await workbench().command("Rootport: Translate Address…");
    await workbench().answer("edu.FACTORIAL");
    await workbench().webview().getByText("edu.FACTORIAL").first().waitFor();
    await workbench().screenshot("restricted panel");
  });

  test("explains why F5 does not run a driver", async () => {
    await workbench().openDriver("edu.ts");
    await workbench().page.keyboard.press("F5");
    await workbench().notification(/Restricted Mode.*drivers do not run/);
    await workbench().page.locator(".debug-toolbar").waitFor({ state: "hidden" });
    await workbench().screenshot("restricted F5");
  });
});
