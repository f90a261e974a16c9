/** Issue: "one pasted text from a bug report; compare an imported map with what Linux would assign; what-if edits." */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { clean } from "./sources";
import { story } from "./story";
import { until } from "./until";

const golden = path.join(__dirname, "../../test/golden/linux/t05-switch1.json.br");

/** What somebody pasted into a bug report. */
function pasted(): string {
  const variants = JSON.parse(brotliDecompressSync(readFileSync(golden)).toString("utf8")) as Record<
    string,
    Readonly<Record<string, string>>
  >;
  return (variants["seabios"]?.["lspci-vvv.txt"] ?? "").replaceAll(/^/gm, "> ");
}

/** The title of the diff in front, and its two texts. */
function diff(): { readonly title: string; readonly before: vscode.Uri; readonly after: vscode.Uri } {
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
  assert.ok(tab?.input instanceof vscode.TabInputTextDiff);
  return { title: tab.label, before: tab.input.original, after: tab.input.modified };
}

const textOf = async (uri: vscode.Uri): Promise<string> =>
  (await vscode.workspace.openTextDocument(uri)).getText();

story("compare", (workbench) => {
  suiteSetup(async () => {
    await clean();
    await workbench().activity("Rootport");
  });
  suiteTeardown(async () => {
    await clean();
    await vscode.commands.executeCommand(
      "rootport.openThisMachine",
      vscode.Uri.parse("rootport-machine:/demo.pcie.json"),
    );
  });

  test("Import Machine from Clipboard opens what a bug report quotes", async () => {
    await vscode.env.clipboard.writeText(pasted());
    await workbench().command("Rootport: Import Machine from Clipboard");
    await workbench().statusBar("pasted: ready").waitFor();
  });

  test("Compare Address Maps… shows it beside what Linux would assign from scratch", async () => {
    await workbench().command("Rootport: Compare Address Maps…");
    await workbench().answer("From scratch");
    await until(() =>
      /: \d+ of \d+ differ$/.test(vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? ""),
    );
    const { before, after } = diff();
    assert.match(await textOf(before), /fde00000-fe3fffff : PCI Bus 0000:01/);
    assert.match(await textOf(after), /^# what is different$/m);
  });

  test("What If… tells what moves, and leaves the machine alone", async () => {
    await workbench().command("Rootport: What If…");
    const picker = workbench().page.locator(".quick-input-widget");
    await picker.locator(".monaco-list-row", { hasText: "pci=assign-busses" }).click();
    await picker.locator(".monaco-button", { hasText: "OK" }).click();
    await until(
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes("assign-busses") ?? false,
    );
    assert.match(diff().title, /\(.*assign-busses\): \d+ of \d+ differ$/);
    await workbench().statusBar("pasted: ready").waitFor();
  });
});
