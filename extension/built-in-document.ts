/** The built-in machines as files: read-only, in the format of any `*.pcie.json`, and a good start for one's own. */
import * as vscode from "vscode";
import { builtIn } from "../emulator/machine/built-in";
import { t } from "./l10n";

const scheme = "rootport-machine";

const uriOf = (name: string): vscode.Uri => vscode.Uri.from({ scheme, path: `/${name}.pcie.json` });

/** The built-in machine that a document shows. */
export const builtInAt = ({ scheme: found, path }: vscode.Uri): string | undefined =>
  found === scheme ? path.slice(1).replace(/\.pcie\.json$/, "") : undefined;

const content: vscode.TextDocumentContentProvider = {
  provideTextDocumentContent(uri) {
    const machine = builtIn.get(builtInAt(uri) ?? "");
    // What it is comes first; the rest in its own order.
    return `${JSON.stringify({ name: machine?.name, title: machine?.title, ...machine }, null, 2)}\n`;
  },
};

/** Asks which one, and shows it. */
export async function showBuiltIn(): Promise<void> {
  const items = [...builtIn.values()].map(({ name, title }) => ({ label: name, description: title }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: t("Show Built-in Machine as JSON"),
    placeHolder: t("Machine"),
    matchOnDescription: true,
  });
  if (chosen) await vscode.window.showTextDocument(uriOf(chosen.label), { preview: true });
}

export const builtInDocuments = (): vscode.Disposable =>
  vscode.workspace.registerTextDocumentContentProvider(scheme, content);
