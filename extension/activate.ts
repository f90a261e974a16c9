/** The composition root: builds the parts and plugs them into VS Code. */
import * as vscode from "vscode";
import { followContextKeys } from "./context-keys";
import { copyCommands } from "./copy-commands";
import { contributeDebugger } from "./debug";
import { DevicesTree } from "./devices-tree";
import { driverCommands } from "./driver-commands";
import { driverLenses, followDriverEditor } from "./driver-editor";
import { driverFixes } from "./driver-fixes";
import { inlineValues } from "./inline-values";
import { KernelLog } from "./kernel-log";
import { linkCommands } from "./link-commands";
import { MachineChoice } from "./machine-choice";
import { machineCommands } from "./machine-commands";
import { machineFileEditor } from "./machine-file-editor";
import { MachineHost } from "./machine-host";
import { NativeWatchpoints } from "./native-watchpoints";
import { MachinePanel } from "./panel";
import { Pins } from "./pins";
import { placeLinks } from "./place-links";
import { Problems } from "./problems";
import { RadixChoice } from "./radix";
import { registerCommands } from "./register-commands";
import { registerHovers } from "./register-hover";
import { RegistersTree } from "./registers-tree";
import { revealCommand } from "./reveal";
import { Selection } from "./selection";
import { statusBar } from "./status-bar";
import { contributeTerminal } from "./terminal";
import { TraceTree } from "./trace-tree";
import { typesQuickFix } from "./types-quick-fix";
import { followVisibility, type Surface } from "./visibility";
import { OwnWatchpoints } from "./watchpoints";
import { WatchpointsTree } from "./watchpoints-tree";

export function activate(context: vscode.ExtensionContext): void {
  const dist = vscode.Uri.joinPath(context.extensionUri, "dist");
  const choice = new MachineChoice(context.workspaceState);
  const host = new MachineHost(vscode.Uri.joinPath(dist, "machine.cjs").fsPath, choice);
  const problems = new Problems(host);
  const watchpoints = new OwnWatchpoints(host, context.workspaceState);
  const native = new NativeWatchpoints();
  const selection = new Selection();
  const pins = new Pins(host, context.workspaceState);
  const radix = new RadixChoice(context.workspaceState);
  const tree = new DevicesTree({ host, watchpoints, selection, pins, radix, memory: context.workspaceState });
  const registersTree = new RegistersTree({ devices: tree, pins, selection });
  const watchpointsTree = new WatchpointsTree(watchpoints, native);
  const panel = new MachinePanel({ host, watchpoints, selection, dist });
  const log = new KernelLog(host);
  const traceTree = new TraceTree(host);
  context.subscriptions.push(
    host,
    watchpoints,
    selection,
    native,
    pins,
    radix,
    tree,
    registersTree,
    watchpointsTree,
    panel,
    traceTree,
    log,
    problems,
    aroundMachine(host, [tree.view, registersTree.view, watchpointsTree.view, traceTree.view, panel]),
    machineCommands({ host, choice, problems, panel, log }),
    registerCommands({ host, tree, watchpoints, pins, panel, radix, selection }),
    driverCommands({ dist, storage: context.globalStorageUri }),
    contributeDebugger({ host, selection, native }),
    contributeTerminal(host, context.workspaceState),
    toPlaces({ host, tree, panel, selection, extensionId: context.extension.id }),
    inEditors({ host, choice, problems }),
  );
}

interface Known {
  readonly host: MachineHost;
  readonly choice: MachineChoice;
  readonly problems: Problems;
}

/** What follows the machine as a whole. `surfaces`: where it can be looked at. */
function aroundMachine(host: MachineHost, surfaces: readonly Surface[]): vscode.Disposable {
  return vscode.Disposable.from(followContextKeys(host), followVisibility(host, surfaces), statusBar(host));
}

interface Places {
  readonly host: MachineHost;
  readonly tree: DevicesTree;
  readonly panel: MachinePanel;
  readonly selection: Selection;
  readonly extensionId: string;
}

/** How one comes to a register or an address from elsewhere, and takes it along. */
function toPlaces({ host, tree, panel, selection, extensionId }: Places): vscode.Disposable {
  return vscode.Disposable.from(
    linkCommands({ host, panel, selection, extensionId }),
    copyCommands(host, selection),
    revealCommand({ host, tree, panel, selection }),
  );
}

/** What drivers and machine files show in their editors. */
function inEditors({ host, choice, problems }: Known): vscode.Disposable {
  return vscode.Disposable.from(
    driverLenses(),
    followDriverEditor(),
    inlineValues(host),
    registerHovers(host),
    placeLinks(host),
    machineFileEditor(host, choice),
    typesQuickFix(),
    driverFixes(problems),
  );
}
