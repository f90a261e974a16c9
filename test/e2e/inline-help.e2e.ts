/** Issue: "Inline help: inline values for accessor calls, hovers, CodeLens Run | Debug, @watch highlighting, links." */
import assert from "node:assert/strict";
import path from "node:path";
import { suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { Debugging } from "./debugging";
import { clean, lineOf, workspace, writeDriver } from "./sources";
import { story } from "./story";
import { Tree } from "./tree";
import { until } from "./until";

const file = "helped.ts";
const source = `// @watch edu.FACTORIAL w once if $value > 0x4
import { type IoMem, ioread32, iowrite32 } from "linux/io";
import { module_pci_driver, PCI_DEVICE, type PciDev, pci_enable_device, pci_iomap } from "linux/pci";

// The card is 0000:01:00.0, and edu.ID is its first register.
const STATUS = 0x20;

function ask(io: IoMem): number {
  iowrite32(0x80, io, STATUS);
  const held = ioread32(io, STATUS);
  return held;
}

function probe(pdev: PciDev): number {
  pci_enable_device(pdev);
  const io = pci_iomap(pdev, 0, 0);
  return io && ask(io) ? 0 : -19;
}

module_pci_driver({ name: "helped", id_table: [PCI_DEVICE(0x1234, 0x11e8)], probe, remove() {} });
`;

story("help in a driver", (workbench) => {
  const uri = () => vscode.Uri.file(path.join(workspace(), file));

  suiteSetup(async () => {
    await clean();
    writeDriver(file, source);
    await workbench().activity("Rootport");
    await new Tree(workbench(), "Devices").row("edu").waitFor();
    await workbench().openDriver(file);
  });
  suiteTeardown(clean);

  test("colours what follows @watch apart from the comment", async () => {
    const line = workbench().page.locator(".editor-instance .view-line", { hasText: "edu.FACTORIAL w once" });
    await until(async () => {
      const words = await line.locator("span > span").allTextContents();
      return words.includes("@watch") && words.includes("edu.FACTORIAL") && words.includes("0x4");
    });
  });

  test("offers Debug and Run above the first import from linux/", async () => {
    const lens = workbench().page.locator(".editor-instance .codelens-decoration");
    await lens.getByText("Debug").waitFor();
    await lens.getByText("Run").waitFor();
  });

  test("shows the register that a constant stands for, with its fields", async () => {
    const at = new vscode.Position(lineOf(file, /^const STATUS/) - 1, 8);
    const text = async (): Promise<string> => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        uri(),
        at,
      );
      return hovers
        .flatMap(({ contents }) =>
          contents.map((one) => (one instanceof vscode.MarkdownString ? one.value : "")),
        )
        .join("\n");
    };
    await until(async () => /\*\*edu\.STATUS\*\*/.test(await text()));
    assert.match(await text(), /COMPUTING/);
  });

  test("links a function and a register in a comment to what they are", async () => {
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      "vscode.executeLinkProvider",
      uri(),
    );
    const targets = links.map(({ target }) => decodeURIComponent(target?.query ?? ""));
    assert.ok(targets.includes('["0000:01:00.0"]'), targets.join());
    assert.ok(targets.includes('["edu.ID"]'), targets.join());
  });

  test("shows beside an accessor call what its register holds", async () => {
    const debugging = new Debugging(workbench());
    const returns = lineOf(file, /return held/);
    await debugging.breakpoint(returns);
    await debugging.press("F5");
    await debugging.stopsAt(returns);
    const line = workbench().page.locator(".editor-instance .view-line", { hasText: "ioread32(io, STATUS)" });
    await line.filter({ hasText: /edu\.STATUS.→.0x80.IRQFACT/ }).waitFor();
    await workbench().screenshot("inline values");
    await vscode.debug.stopDebugging();
  });

  test("shows a place by name in the tree and in the panel", async () => {
    await vscode.commands.executeCommand("rootport.reveal", "edu.STATUS");
    await workbench().webview().getByRole("heading", { name: "edu.STATUS" }).waitFor();
    const row = new Tree(workbench(), "Devices").row(/^STATUS.*\+0x20/);
    await until(async () => /selected/.test((await row.getAttribute("class")) ?? ""));
    await workbench().screenshot("revealed");
  });
});
