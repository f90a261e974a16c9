import { basename } from "node:path";
import * as vscode from "vscode";
import { activeDriver } from "./driver-editor";
import { t } from "./l10n";
import { machinePath } from "./machine-choice";
import { trusted } from "./trust";

export const debugType = "rootport";

function configurationFor(program: vscode.Uri, noDebug = false): vscode.DebugConfiguration {
  const name = t("{0} on the machine", basename(program.fsPath));
  return { type: debugType, request: "launch", name, program: program.fsPath, noDebug };
}

interface Wanted {
  /** A built-in name, or the path of a file. */
  readonly wanted: string;
}

/** An empty configuration is F5 without a launch.json: it means the driver in the editor. */
function given(configuration: vscode.DebugConfiguration): vscode.DebugConfiguration | undefined {
  if (configuration.type) return configuration;
  const driver = activeDriver();
  if (driver) return configurationFor(driver.uri, configuration["noDebug"] === true);
  const sentence = t('Open a driver, a TypeScript file that imports from "linux/…", and press F5.');
  void vscode.window.showInformationMessage(sentence);
  return undefined;
}

/** What F5 runs, with and without a launch.json; on the current machine unless told otherwise. */
export function driverConfigurations(machine: Wanted): vscode.DebugConfigurationProvider {
  return {
    resolveDebugConfiguration(folder, configuration) {
      const known = given(configuration);
      const named: unknown = known?.["machine"];
      return (
        known && {
          ...known,
          machine: typeof named === "string" ? machinePath(named, folder) : machine.wanted,
        }
      );
    },
    async resolveDebugConfigurationWithSubstitutedVariables(_folder, configuration) {
      return (await trusted()) ? configuration : undefined;
    },
    provideDebugConfigurations() {
      const driver = activeDriver();
      return driver ? [configurationFor(driver.uri)] : [];
    },
  };
}

/** Debugs, or runs, the driver at `uri`, or the one in the editor. */
export async function launchDriver(uri: vscode.Uri | undefined, noDebug: boolean): Promise<void> {
  const document = uri ? await vscode.workspace.openTextDocument(uri) : activeDriver();
  if (!document || !(await trusted())) return;
  if (document.isUntitled || document.isDirty) await document.save();
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  await vscode.debug.startDebugging(folder, configurationFor(document.uri, noDebug), { noDebug });
}
