/** Issue: "a vscode:// link that opens the same machine, address and tab", and Copy Link. */
import assert from "node:assert/strict";
import { suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { clean } from "./sources";
import { story } from "./story";
import { Tree } from "./tree";
import { until } from "./until";

story("a link", (workbench) => {
  let devices: Tree;

  suiteSetup(async () => {
    await clean();
    await workbench().activity("Rootport");
    devices = new Tree(workbench(), "Devices");
    await devices.row("edu").waitFor();
  });
  suiteTeardown(clean);

  test("is copied from a register, and names its machine", async () => {
    await vscode.commands.executeCommand("rootport.reveal", "edu.LIVENESS");
    await devices.row(/^LIVENESS/).click();
    await workbench().command("Rootport: Copy Link");
    await until(async () =>
      /register\/edu\.LIVENESS\?machine=demo$/.test(await vscode.env.clipboard.readText()),
    );
  });

  test("shows the register in the tree and in the panel when it is followed", async () => {
    const link = await vscode.env.clipboard.readText();
    assert.match(link, /^[\w-]+:\/\/rootport\.rootport\/register\//);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("rootport.openLink", link);
    await workbench().webview().getByRole("heading", { name: "edu.LIVENESS" }).waitFor();
  });

  test("opens a tab, and says in a sentence what is wrong with another one", async () => {
    await vscode.commands.executeCommand("rootport.openLink", "vscode://rootport.rootport/tab/iomem");
    await workbench().webview().getByRole("tab", { name: "I/O Memory", selected: true }).waitFor();
    void vscode.commands.executeCommand("rootport.openLink", "vscode://rootport.rootport/tab/nothing");
    const message = await workbench().notification(/The link ends in "\/tab\/nothing"/);
    await message.hover();
    await vscode.commands.executeCommand("notifications.clearAll");
  });
});
