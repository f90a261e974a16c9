/** Issue: "as a quick fix in the Problems view that inserts the missing line, such as pci_set_master(pdev)". */
import assert from "node:assert/strict";
import { suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { clean, writeDriver } from "./sources";
import { story } from "./story";

const source = `import { mdelay } from "linux/delay";
import { iowrite64 } from "linux/io";
import { module_pci_driver, PCI_DEVICE, type PciDev, pci_enable_device, pci_iomap, pci_iounmap } from "linux/pci";

function probe(pdev: PciDev): number {
  const error = pci_enable_device(pdev);
  if (error) return error;
  const io = pci_iomap(pdev, 0, 0);
  if (!io) return -12;
  iowrite64(0x40000n, io, 0x80);
  iowrite64(0x500_0000n, io, 0x88);
  iowrite64(16n, io, 0x90);
  iowrite64(3n, io, 0x98);
  mdelay(200);
  pci_iounmap(pdev, io);
  return 0;
}

module_pci_driver({ name: "lacking", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove() {} });
`;

story("a driver that forgot pci_set_master()", (workbench) => {
  suiteSetup(async () => {
    await clean();
    writeDriver("lacking.ts", source);
    await workbench().openDriver("lacking.ts");
  });
  suiteTeardown(async () => {
    await clean();
    await vscode.commands.executeCommand("workbench.panel.repl.view.focus");
  });

  test("has a problem at its line that names the bit", async () => {
    await workbench().page.keyboard.press("Control+F5");
    // The Debug Console comes to the front as the session begins.
    await workbench().statusBar("driver bound").waitFor();
    await workbench().command("View: Focus Problems (Errors, Warnings, Infos)");
    const problem = workbench().page.locator(".markers-panel .monaco-list-row");
    await problem
      .filter({ hasText: /Bus Master Enable \(bit 2 of edu\.config\.COMMAND/ })
      .first()
      .waitFor();
    await workbench().screenshot("the line that is missing, in Problems");
  });

  test("is mended by the quick fix, which puts the line where it belongs", async () => {
    const problem = workbench().page.locator(".markers-panel .monaco-list-row");
    await problem
      .filter({ hasText: /Bus Master Enable/ })
      .first()
      .dblclick();
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    const at = vscode.languages.getDiagnostics(document.uri).find((it) => it.message.includes("Bus Master"));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      document.uri,
      at?.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = actions.find(({ title }) => title === "Insert pci_set_master(pdev);");
    assert.ok(fix?.edit && (await vscode.workspace.applyEdit(fix.edit)));
    assert.ok(document.getText().includes("  if (error) return error;\n  pci_set_master(pdev);\n"));
    assert.match(document.getText(), /import \{[^}]*pci_set_master[^}]*\} from "linux\/pci"/);
    await document.save();
    await workbench().screenshot("the missing line, inserted");
  });
});
