/** Issue: "A crash or out-of-memory ends in one clear message and a working Restart." */
import { suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { Debugging } from "./debugging";
import { clean, writeDriver } from "./sources";
import { story } from "./story";

const driver = (body: string) => `import { module_pci_driver, PCI_DEVICE } from "linux/pci";

function probe(): number {
  const kept: unknown[] = [];
  ${body}
  return 0;
}

module_pci_driver({ name: "greedy", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe });
`;

story("a driver that eats memory", (workbench) => {
  let debugging: Debugging;

  suiteSetup(async () => {
    await clean();
    debugging = new Debugging(workbench());
    writeDriver("greedy.ts", driver("while (true) kept.push(new Array(1000).fill(kept.length));"));
    await workbench().openDriver("greedy.ts");
    await vscode.commands.executeCommand("workbench.panel.repl.view.focus");
  });
  suiteTeardown(clean);

  test("is ended with one sentence, and VS Code is still there", async () => {
    await debugging.press("F5");
    await debugging.console(/used up its memory/).waitFor({ timeout: 60_000 });
    await debugging.ended();
    await workbench().screenshot("out of memory");
  });

  test("runs again on a fresh machine by Restart, once it is mended", async () => {
    writeDriver("greedy.ts", driver("kept.push(1);"));
    const message = await workbench().notification(/used up its memory/);
    await message.getByText("Restart", { exact: true }).click();
    await workbench().statusBar("driver bound").waitFor();
  });
});
