/** What needs the machine for itself ends the driver's session first, once the person agrees. */
import * as vscode from "vscode";
import { debugType } from "./driver-launch";
import type { MachineHost } from "./machine-host";

const driven = ({ state }: MachineHost): boolean =>
  state?.phase === "running" || state?.phase === "paused" || state?.phase === "idle";

/** Resolves when no driver has the machine. */
function driverGone(host: MachineHost): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (driven(host)) return;
      following.dispose();
      resolve();
    };
    const following = host.onDidChange(look);
    host.refresh();
    look();
  });
}

/** False where the driver shall go on. `action`: what is to be done, as its command says. */
export async function endedSession(host: MachineHost, action: string): Promise<boolean> {
  const session = vscode.debug.activeDebugSession;
  if (session?.type !== debugType) return true;
  const button = vscode.l10n.t("End and {0}", action);
  const question = vscode.l10n.t("A driver runs on this machine, and {0} ends it.", action);
  if ((await vscode.window.showWarningMessage(question, button)) !== button) return false;
  await vscode.debug.stopDebugging(session);
  await driverGone(host);
  return true;
}
