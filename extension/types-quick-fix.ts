import * as vscode from "vscode";
import { tsconfigText } from "./driver-folder";
import { t } from "./l10n";
import { copyTypes } from "./new-driver";

const unresolved = /['"]linux\/[\w-]+['"]/;
const cannotFindModule = 2307;

const isOurs = ({ code, message }: vscode.Diagnostic): boolean =>
  (typeof code === "object" ? code.value : code) === cannotFindModule && unresolved.test(message);

/** `Add Rootport types here`, on the compiler's complaint that `linux/…` cannot be found. */
export function typesQuickFix(): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions(document, _range, { diagnostics }) {
      const ours = diagnostics.filter(isOurs);
      if (ours.length === 0) return [];
      const title = t("Add Rootport types here");
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.command = { title, command: "rootport.addTypes", arguments: [document.uri] };
      action.diagnostics = ours;
      action.isPreferred = true;
      return [action];
    },
  };
  return vscode.languages.registerCodeActionsProvider({ language: "typescript", scheme: "file" }, provider, {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  });
}

/** Writes the types beside the driver; a tsconfig that exists is left alone and its missing line is shown. */
export async function addTypes(dist: vscode.Uri, document?: vscode.Uri): Promise<void> {
  const driver = document ?? vscode.window.activeTextEditor?.document.uri;
  if (!driver) return;
  const folder = vscode.Uri.joinPath(driver, "..");
  await copyTypes(dist, folder);
  const [existing] = await vscode.workspace.findFiles(
    new vscode.RelativePattern(folder, "tsconfig.json"),
    null,
    1,
  );
  if (existing) await showPaths(existing);
  else
    await vscode.workspace.fs.writeFile(
      vscode.Uri.joinPath(folder, "tsconfig.json"),
      new TextEncoder().encode(tsconfigText),
    );
}

async function showPaths(tsconfig: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(tsconfig);
  const paths = '"paths": { "linux/*": ["./.rootport/types/linux/*"] }';
  const copy = t("Copy");
  const sentence = t("The types are in .rootport/types; add {0} to this tsconfig's compilerOptions.", paths);
  if ((await vscode.window.showInformationMessage(sentence, copy)) === copy)
    await vscode.env.clipboard.writeText(paths);
}
