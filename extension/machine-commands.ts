import * as vscode from "vscode";
import { builtInDocuments, showBuiltIn } from "./built-in-document";
import { compareCommands } from "./compare-commands";
import { clipboard, importMachine, type Pasted, sayImported } from "./import-machine";
import type { KernelLog } from "./kernel-log";
import { t } from "./l10n";
import type { MachineChoice } from "./machine-choice";
import type { MachineHost } from "./machine-host";
import { openMachine } from "./open-machine";
import type { MachinePanel } from "./panel";
import { sentenceOf } from "./plain-text";
import { type Problem, type Problems, problemOf } from "./problems";
import { endedSession } from "./session-end";

interface Parts {
  readonly host: MachineHost;
  readonly choice: MachineChoice;
  readonly problems: Problems;
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
    title: t("Translate Address"),
    prompt: t("Virtual or physical (0x…), on the bus (bus:0x…), or a register (edu.FACTORIAL)"),
    value: selectedAddress(),
  });
  if (address) await panel.translate(address.trim());
}

async function inDevices(work: () => Promise<void>): Promise<void> {
  await vscode.window.withProgress({ location: { viewId: "rootport.devices" } }, work);
}

async function afterSession(host: MachineHost, action: string, work: () => Promise<void>): Promise<void> {
  if (await endedSession(host, action)) await inDevices(work);
}

async function importAndOpen(parts: Parts, from?: vscode.Uri | Pasted): Promise<void> {
  const path = await importMachine(from).catch((error: unknown) => {
    const problem = problemOf(error);
    if (problem) parts.problems.add(problem);
    throw error;
  });
  if (path === undefined) return;
  await openMachine(parts, vscode.Uri.file(path));
  void sayImported(path);
}

/** Another machine is powered on when the setting names it; a driver that runs keeps its own. */
function followSetting({ host, choice }: Parts): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration("rootport.machine")) void settingChanged({ host, choice });
  });
}

async function settingChanged({ host, choice }: Pick<Parts, "host" | "choice">): Promise<void> {
  await choice.forget();
  const driverRuns = vscode.debug.activeDebugSession?.type === "rootport";
  if (host.status !== "off" && !driverRuns) await host.open().catch(say);
}

async function showPlace({ path, line, column }: Problem): Promise<void> {
  const at = new vscode.Position(line - 1, column - 1);
  await vscode.window.showTextDocument(vscode.Uri.file(path), { selection: new vscode.Range(at, at) });
}

/** One sentence, and the way to the line that is to blame. */
async function say(error: unknown): Promise<void> {
  const problem = problemOf(error);
  const buttons = problem ? [t("Show Line")] : [];
  const chosen = await vscode.window.showErrorMessage(sentenceOf(error), ...buttons);
  if (chosen !== undefined && problem) await showPlace(problem);
}

/** Commands about the machine as a whole. */
export function machineCommands(parts: Parts): vscode.Disposable {
  const { host, panel, log } = parts;
  const on = (name: string, run: (uri?: vscode.Uri) => Promise<void>) =>
    vscode.commands.registerCommand(`rootport.${name}`, (uri?: vscode.Uri) => run(uri).catch(say));
  return vscode.Disposable.from(
    followSetting(parts),
    builtInDocuments(),
    compareCommands(host, say),
    on("start", () => host.start()),
    on("powerCycle", () => afterSession(host, t("Power Cycle"), () => host.powerCycle())),
    on("reset", () => afterSession(host, t("Reset"), () => host.reset())),
    on("openMachine", () => openMachine(parts)),
    on("openThisMachine", (uri) => openMachine(parts, uri ?? vscode.window.activeTextEditor?.document.uri)),
    on("importMachine", (folder) => importAndOpen(parts, folder)),
    on("importFromClipboard", async () => importAndOpen(parts, await clipboard())),
    // What was dropped on the panel; not in the palette.
    vscode.commands.registerCommand("rootport.importText", (pasted: Pasted) =>
      importAndOpen(parts, pasted).catch(say),
    ),
    on("showBuiltIn", () => showBuiltIn()),
    on("showTrace", () => Promise.resolve(panel.show("trace"))),
    on("openPanel", () => Promise.resolve(panel.open())),
    on("translate", () => translate(panel)),
    on("showLog", () => log.show()),
  );
}
