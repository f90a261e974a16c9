import * as vscode from "vscode";
import type { Phase } from "./host/protocol";
import { t } from "./l10n";
import { machineLabel } from "./machine-choice";
import type { MachineHost } from "./machine-host";
import { phaseWords } from "./phase-words";

const icons: Readonly<Record<Phase, string>> = {
  off: "circuit-board",
  ready: "circuit-board",
  running: "sync~spin",
  paused: "debug-pause",
  idle: "circuit-board",
  ended: "circuit-board",
};
/** What the status bar says, and what pressing it does. */
function face({ status, state, wanted }: MachineHost): { text: string; command: string } {
  const openPanel = "rootport.openPanel";
  if (status === "on" && state)
    return { text: `$(${icons[state.phase]}) ${state.name}: ${phaseWords(state)}`, command: openPanel };
  const name = machineLabel(wanted);
  if (status === "starting") return { text: `$(sync~spin) ${name}`, command: openPanel };
  if (status === "lost") return { text: `$(warning) ${t("{0}: restart", name)}`, command: "rootport.start" };
  if (status === "refused")
    return { text: `$(warning) ${t("{0}: not opened", name)}`, command: "rootport.openMachine" };
  return { text: `$(circuit-board) ${t("{0}: off", name)}`, command: "rootport.start" };
}

/** What pressing it does, or why there is no machine. */
function tooltip({ status, state, refusal }: MachineHost): string {
  if (status === "refused") return refusal;
  return state ? t("{0}: open the panel", state.title) : t("Power the PCIe machine on");
}

/** The machine in the status bar. */
export function statusBar(host: MachineHost): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("rootport.machine", vscode.StatusBarAlignment.Left, 10);
  item.name = "Rootport";
  const show = (): void => {
    const { text, command } = face(host);
    item.text = text;
    item.command = command;
    item.tooltip = tooltip(host);
  };
  show();
  item.show();
  return vscode.Disposable.from(item, host.onDidChange(show));
}
