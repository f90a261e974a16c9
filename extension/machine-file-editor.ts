/** A machine file in the editor: opened from there, and powered on anew when it is saved. */
import * as vscode from "vscode";
import { t } from "./l10n";
import type { MachineChoice } from "./machine-choice";
import type { MachineHost } from "./machine-host";

const selector: vscode.DocumentSelector = { pattern: "**/*.pcie.json" };

/** `Open This Machine` above the first line. */
const lenses: vscode.CodeLensProvider = {
  provideCodeLenses({ uri }) {
    const title = t("$(circuit-board) Open This Machine");
    const start = new vscode.Range(0, 0, 0, 0);
    return [new vscode.CodeLens(start, { title, command: "rootport.openThisMachine", arguments: [uri] })];
  },
};

/** The machine that is on follows its file; what is wrong with the file stands in Problems. */
function followFile(host: MachineHost, choice: MachineChoice): vscode.Disposable {
  return vscode.workspace.onDidSaveTextDocument(({ uri }) => {
    const driverRuns = vscode.debug.activeDebugSession?.type === "rootport";
    if (uri.fsPath === choice.wanted && host.status !== "off" && !driverRuns)
      host.open().catch(() => undefined);
  });
}

export function machineFileEditor(host: MachineHost, choice: MachineChoice): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerCodeLensProvider(selector, lenses),
    followFile(host, choice),
  );
}
