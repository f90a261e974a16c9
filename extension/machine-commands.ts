import * as vscode from "vscode";
import type { KernelLog } from "./kernel-log";
import type { MachineHost } from "./machine-host";
import type { MachinePanel } from "./panel";
import { sentenceOf } from "./plain-text";

interface Parts {
  readonly host: MachineHost;
  readonly panel: MachinePanel;
  readonly log: KernelLog;
}

/** The address in the selection, when one is selected. */
function selectedAddress(): string {
  const editor = vscode.window.activeTextEditor;
  const text = editor?.document.getText(editor.selection).trim() ?? "";
  return /^\S{1,64}$/.test(text) ? text : "";
}

async function translate(panel: MachinePanel): Promise<void> {
  const address = await vscode.window.showInputBox({
    title: "Translate Address",
    prompt: "Virtual or physical (0x…), on the bus (bus:0x…), or a register (edu.FACTORIAL)",
    value: selectedAddress(),
  });
  if (address) await panel.translate(address.trim());
}

async function powerCycle({ host }: Parts): Promise<void> {
  await vscode.window.withProgress({ location: { viewId: "rootport.devices" } }, () => host.powerCycle());
}

/** Another machine is powered on when the setting names it; a driver that runs keeps its own. */
function followSetting(host: MachineHost): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    const driverRuns = vscode.debug.activeDebugSession?.type === "rootport";
    if (!event.affectsConfiguration("rootport.machine") || host.status === "off" || driverRuns) return;
    host.open().catch(say);
  });
}

const say = (error: unknown) => void vscode.window.showErrorMessage(sentenceOf(error));

/** Commands about the machine as a whole. */
export function machineCommands(parts: Parts): vscode.Disposable {
  const { host, panel, log } = parts;
  const on = (name: string, run: () => Promise<void>) =>
    vscode.commands.registerCommand(`rootport.${name}`, () => run().catch(say));
  return vscode.Disposable.from(
    followSetting(host),
    on("start", () => host.start()),
    on("powerCycle", () => powerCycle(parts)),
    on("openPanel", () => Promise.resolve(panel.open())),
    on("translate", () => translate(panel)),
    on("showLog", () => log.show()),
  );
}
