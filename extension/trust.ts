import * as vscode from "vscode";

/** Whether drivers may run. In Restricted Mode it says why not and offers the way out. */
export async function trusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const sentence = vscode.l10n.t(
    "A driver is a program, and this window is in Restricted Mode: the machine and its views work, drivers do not run.",
  );
  const chosen = await vscode.window.showWarningMessage(sentence, manage);
  if (chosen === manage) await vscode.commands.executeCommand("workbench.trust.manage");
  return false;
}
