/** "Import Machine…": a folder of texts that a real machine printed becomes a machine file, which is opened. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { t } from "./l10n";

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: t("Import Machine: the folder with lspci-xxxx.txt, iomem.txt, ioports.txt, …"),
      openLabel: t("Import Machine"),
      canSelectFolders: true,
      canSelectFiles: false,
    })) ?? [];
  return folder;
}

async function saveElsewhere(proposed: string): Promise<string | undefined> {
  const chosen = await vscode.window.showSaveDialog({
    title: t("Import Machine: save as"),
    defaultUri: vscode.Uri.file(proposed),
    filters: { "PCIe machines": ["pcie.json"] },
  });
  return chosen?.fsPath;
}

/** Where to write: into the open folder, and over nothing unasked. */
async function target(name: string, beside: string): Promise<string | undefined> {
  const [open] = vscode.workspace.workspaceFolders ?? [];
  const file = `${name}.pcie.json`;
  if (!open) return saveElsewhere(join(beside, file));
  const path = join(open.uri.fsPath, file);
  if (!existsSync(path)) return path;
  const replace = { label: t("$(replace) Replace it") };
  const elsewhere = { label: t("$(save-as) Save As…") };
  const chosen = await vscode.window.showQuickPick([replace, elsewhere], {
    title: t("Import Machine"),
    placeHolder: t("{0} exists", file),
  });
  if (chosen === replace) return path;
  return chosen === elsewhere ? saveElsewhere(path) : undefined;
}

/** What somebody pasted or dropped. */
export interface Pasted {
  readonly name: string;
  readonly text: string;
}

/** Asks for a folder where none is given. */
async function folderFor(given: vscode.Uri | undefined): Promise<string | undefined> {
  return (given ?? (await pickFolder()))?.fsPath;
}

/** The path of the machine file it wrote; undefined when somebody thought better of it. Rejects with one sentence. */
export async function importMachine(given?: vscode.Uri | Pasted): Promise<string | undefined> {
  const pasted = given && "text" in given ? given : undefined;
  const folder = pasted ? undefined : await folderFor(given as vscode.Uri | undefined);
  if (!pasted && folder === undefined) return undefined;
  // Rarely wanted, and much code: loaded when it is.
  const { importPath, importText, writeMachine } = await import("./host/import-folder");
  const machine = pasted ? importText(pasted) : importPath(folder ?? "");
  const path = await target(machine.name, folder === undefined ? homedir() : dirname(folder));
  if (path !== undefined) writeMachine(machine, path);
  return path;
}

/** The clipboard, as a machine that is named after nobody. */
export async function clipboard(): Promise<Pasted> {
  return { name: "pasted", text: await vscode.env.clipboard.readText() };
}

/** Says where it was written, and leads there. */
export async function sayImported(path: string): Promise<void> {
  const show = t("Show File");
  const sentence = t("Imported into {0}: it is the machine now.", vscode.workspace.asRelativePath(path));
  const chosen = await vscode.window.showInformationMessage(sentence, show);
  if (chosen === show) await vscode.window.showTextDocument(vscode.Uri.file(path));
}
