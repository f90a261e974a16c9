/** Quick fixes for what the machine complains of: the line that the driver lacks, with its import. */
import * as vscode from "vscode";
import { insertCall } from "../emulator/explain/driver-edit";
import type { Problems } from "./problems";

export function driverFixes(problems: Problems): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions: (document, _range, { diagnostics }) =>
      diagnostics.flatMap((diagnostic) => actionFor(problems, document, diagnostic) ?? []),
  };
  return vscode.languages.registerCodeActionsProvider({ language: "typescript", scheme: "file" }, provider, {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  });
}

function actionFor(
  problems: Problems,
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction | undefined {
  const fix = problems.fixOf(document.uri, diagnostic);
  const insertions = fix && insertCall(document.getText(), fix);
  if (!insertions) return undefined;
  const action = new vscode.CodeAction(`Insert ${fix.line}`, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  for (const { at, text } of insertions) action.edit.insert(document.uri, document.positionAt(at), text);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  return action;
}
