/** Issue: "New Driver writes a folder that compiles and runs at once, with types that resolve without npm." */
import assert from "node:assert/strict";
import { suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { Debugging } from "./debugging";
import { clean } from "./sources";
import { story } from "./story";
import { until } from "./until";

const errors = (uri: vscode.Uri) =>
  vscode.languages
    .getDiagnostics(uri)
    .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error)
    .map(({ message }) => message);

/** What the TypeScript server says about the first `name` in the editor. */
async function hover({ document }: vscode.TextEditor, name: string): Promise<string> {
  const position = document.positionAt(document.getText().indexOf(name));
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value))
    .join();
}

story("New Driver", (workbench) => {
  suiteSetup(clean);
  suiteTeardown(clean);

  test("writes a driver and opens it", async () => {
    await workbench().command("Rootport: New Driver…");
    await workbench().answer("blinker");
    await workbench().page.locator('.tab.active[data-resource-name="blinker.ts"]').waitFor();
  });

  test("gives it types that resolve without npm", async () => {
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    await until(
      async () => /module_pci_driver\(.*PciDriver/s.test(await hover(editor, "module_pci_driver")),
      60_000,
    );
    assert.deepEqual(errors(editor.document.uri), []);
    await workbench().screenshot("new driver");
  });

  test("catches a plain number passed as a mapped address", async () => {
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    const wrong = 'import { ioread32 as read } from "linux/io";\nread(0xfe000000);\n';
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), wrong));
    await until(() => errors(editor.document.uri).length > 0, 60_000);
    await workbench().screenshot("new driver with a mistake");
    await vscode.commands.executeCommand("undo");
    await until(() => errors(editor.document.uri).length === 0, 60_000);
  });

  test("runs it with F5", async () => {
    await workbench().page.locator(".editor-instance .view-line").first().click();
    await new Debugging(workbench()).press("F5");
    await workbench().statusBar("driver bound").waitFor();
    await workbench().screenshot("new driver bound");
  });
});
