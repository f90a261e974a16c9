/** Issue: "*.pcie.json with a schema; Open Machine…, Import Machine…; the imported machine in tree, panel and maps." */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { clean, workspace } from "./sources";
import { story } from "./story";
import { Tree } from "./tree";
import { until } from "./until";

type Texts = Readonly<Record<string, string>>;

const golden = path.join(__dirname, "../../test/golden/linux/t03-nvme-rp.json.br");

/** What a real machine printed, as a folder. */
function unpack(folder: string): Texts {
  const variants = JSON.parse(brotliDecompressSync(readFileSync(golden)).toString("utf8")) as Record<
    string,
    Texts
  >;
  const texts = variants["scratch"];
  assert.ok(texts);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(folder, name), text);
  return texts;
}

story("machines", (workbench) => {
  const folder = path.join(workspace(), "server");
  const file = path.join(workspace(), "server.pcie.json");
  let tree: Tree;
  let texts: Texts;
  /** Chooses a folder in VS Code's own dialog. */
  const inDialog = async (wanted: string): Promise<void> => {
    const dialog = workbench().page.locator(".quick-input-widget");
    const button = dialog.locator(".monaco-button", { hasText: "Import Machine" });
    await button.waitFor();
    // It lists the folders where the text leads: before that the button means another folder.
    const row = dialog.locator(".monaco-list-row", { hasText: path.basename(wanted) });
    await row.waitFor();
    await dialog.locator("input[type=text]").fill(`${wanted}/`);
    await row.waitFor({ state: "hidden" });
    await button.click();
    await button.waitFor({ state: "hidden" });
  };

  suiteSetup(async () => {
    await clean();
    texts = unpack(folder);
    tree = new Tree(workbench(), "Devices");
    await workbench().activity("Rootport");
    await tree.row("edu").waitFor();
  });
  suiteTeardown(async () => {
    await clean();
    await vscode.commands.executeCommand(
      "rootport.openThisMachine",
      vscode.Uri.parse("rootport-machine:/demo.pcie.json"),
    );
    rmSync(folder, { recursive: true, force: true });
    for (const name of ["server.pcie.json", "mine.pcie.json"])
      rmSync(path.join(workspace(), name), { force: true });
  });

  test("a built-in machine is shown in the format of a machine file", async () => {
    await workbench().command("Rootport: Show Built-in Machine as JSON");
    await workbench().answer("demo");
    await workbench().page.locator('.tab.active[data-resource-name="demo.pcie.json"]').waitFor();
    await until(() => vscode.window.activeTextEditor?.document.languageId === "pcie-machine");
    await workbench().page.getByText("Open This Machine").first().waitFor();
    await workbench().screenshot("built-in machine");
  });

  test("Import Machine… writes a machine file and powers it on", async () => {
    await workbench().command("Rootport: Import Machine…");
    await inDialog(folder);
    await tree.row(/8086:29c0/).waitFor();
    await tree.row(/^0000:01:00\.0|1b36:0010/).waitFor();
    await workbench().statusBar("server: ready").waitFor();
    assert.ok(existsSync(file));
    await workbench().notification(/Imported into server\.pcie\.json/);
    await workbench().screenshot("imported machine");
  });

  test("the imported machine's BARs, memory and ports stand in the panel as the real machine printed them", async () => {
    await workbench().command("Rootport: Open Panel");
    const panel = workbench().webview();
    await panel.getByRole("heading", { name: /^server/ }).waitFor();
    await panel.getByRole("tab", { name: "I/O Memory" }).click();
    for (const line of ["iomem.txt", "ioports.txt"].map((name) => texts[name]?.split("\n") ?? [])) {
      const nested = line
        .filter((text) => /^ +.* : 0000:/.test(text))
        .at(-1)
        ?.trim();
      assert.ok(nested);
      await panel.getByText(nested).first().waitFor();
      await panel.getByRole("tab", { name: "I/O Ports" }).click();
    }
    await workbench().screenshot("imported machine's ports");
  });

  test("a machine file is opened from its own editor", async () => {
    const mine = path.join(workspace(), "mine.pcie.json");
    const text = readFileSync(file, "utf8").replace('"name": "server"', '"name": "mine"');
    writeFileSync(mine, text);
    await vscode.window.showTextDocument(vscode.Uri.file(mine), {
      preview: false,
      viewColumn: vscode.ViewColumn.One,
    });
    const button = workbench().page.locator(
      ".editor-group-container.active .editor-actions .action-label[aria-label^='Open This Machine']",
    );
    // A toolbar that is drawn again under the pointer loses the click.
    await until(async () => {
      await button.click();
      const opened = workbench().statusBar("mine: ready").waitFor({ timeout: 10_000 });
      return opened.then(
        () => true,
        () => false,
      );
    });
  });

  test("a mistake in a machine file is marked as one types, and named with its line when it is opened", async () => {
    const editor = await vscode.window.showTextDocument(
      vscode.Uri.file(path.join(workspace(), "mine.pcie.json")),
    );
    const { document } = editor;
    const line = document
      .getText()
      .split("\n")
      .findIndex((text) => text.includes('"ram"'));
    await editor.edit((edit) => edit.replace(document.lineAt(line).range, '  "ram": "much",'));
    const marks = () =>
      vscode.languages.getDiagnostics(document.uri).filter(({ range }) => range.start.line === line);
    await until(() => marks().some(({ message }) => /Incorrect type/.test(message)));
    await document.save();
    await until(() => marks().some(({ source }) => source === "rootport"));
    await workbench().statusBar("mine: ready").waitFor();
    await workbench().command("Rootport: Open This Machine");
    await workbench().notification(new RegExp(`mine\\.pcie\\.json:${line + 1}: ram must be integer`));
    await workbench().screenshot("a mistake in a machine file");
  });

  test("a hover explains a property, and completion offers the kinds of devices", async () => {
    const uri = vscode.Uri.file(path.join(workspace(), "mine.pcie.json"));
    const document = await vscode.workspace.openTextDocument(uri);
    const at = (text: string) => document.positionAt(document.getText().indexOf(text) + 2);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      uri,
      at('"ecam"'),
    );
    const words = hovers
      .flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value))
      .join();
    assert.match(words, /configuration space is memory-mapped/);
    const place = document.positionAt(document.getText().indexOf('"device": "') + '"device": "'.length);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      uri,
      place,
    );
    const labels = items.map(({ label }) => (typeof label === "string" ? label : label.label));
    assert.ok(
      labels.some((label) => label.includes("root-port")),
      labels.join(),
    );
  });

  test("Open Machine… leads back to a built-in one", async () => {
    await workbench().command("Rootport: Open Machine…");
    await workbench()
      .page.locator(".quick-input-list .monaco-list-row", { hasText: "mine.pcie.json" })
      .waitFor();
    await workbench().screenshot("Open Machine");
    await workbench().answer("demo");
    await workbench().statusBar("demo: ready").waitFor();
    await tree.row(/^edu/).waitFor();
  });

  test("a folder that holds no dump is refused in one sentence", async () => {
    for (const file of ["lspci-xxxx.txt", "lspci-vvv.txt"]) rmSync(path.join(folder, file), { force: true });
    await workbench().command("Rootport: Import Machine…");
    await inDialog(folder);
    await workbench().notification(/holds no lspci-xxxx\.txt: make it there with/);
    await workbench().statusBar("demo: ready").waitFor();
  });
});
