import { basename } from "node:path";
import * as vscode from "vscode";
import { activeDriver } from "./driver-editor";
import { trusted } from "./trust";

export const debugType = "rootport";

function configurationFor(program: vscode.Uri, noDebug = false): vscode.DebugConfiguration {
  const name = `${basename(program.fsPath)} on the machine`;
  return { type: debugType, request: "launch", name, program: program.fsPath, noDebug };
}

/** An empty configuration is F5 without a launch.json: it means the driver in the editor. */
function complete(folder: vscode.WorkspaceFolder | undefined, given: vscode.DebugConfiguration) {
  const driver = activeDriver();
  if (!given.type && !driver) {
    const sentence = 'Open a driver, a TypeScript file that imports from "linux/…", and press F5.';
    void vscode.window.showInformationMessage(sentence);
    return undefined;
  }
  const configuration =
    given.type || !driver ? given : configurationFor(driver.uri, given["noDebug"] === true);
  const machine = vscode.workspace.getConfiguration("rootport", folder?.uri).get("machine", "demo");
  return { machine, ...configuration };
}

/** What F5 runs, with and without a launch.json. */
export const driverConfigurations: vscode.DebugConfigurationProvider = {
  resolveDebugConfiguration: complete,
  async resolveDebugConfigurationWithSubstitutedVariables(_folder, configuration) {
    return (await trusted()) ? configuration : undefined;
  },
  provideDebugConfigurations() {
    const driver = activeDriver();
    return driver ? [configurationFor(driver.uri)] : [];
  },
};

/** Debugs, or runs, the driver at `uri`, or the one in the editor. */
export async function launchDriver(uri: vscode.Uri | undefined, noDebug: boolean): Promise<void> {
  const document = uri ? await vscode.workspace.openTextDocument(uri) : activeDriver();
  if (!document || !(await trusted())) return;
  if (document.isUntitled || document.isDirty) await document.save();
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  await vscode.debug.startDebugging(folder, configurationFor(document.uri, noDebug), { noDebug });
}
