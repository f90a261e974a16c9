import { basename } from "node:path";
import * as vscode from "vscode";
import { activeDriver } from "./driver-editor";
import { DapRelay } from "./host/dap-relay";
import type { MachineHost } from "./machine-host";
import { sentenceOf } from "./plain-text";
import { trusted } from "./trust";

const type = "rootport";

/** One debug session, carried to the machine's process and back. */
class Tunnel implements vscode.DebugAdapter {
  readonly #sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.#sent.event;
  readonly #relay: DapRelay;
  readonly #lost: vscode.Disposable;
  readonly #ended: () => void;

  constructor(host: MachineHost, ended: () => void) {
    this.#relay = new DapRelay(host.connect().connection, (message) => this.#sent.fire(message));
    this.#lost = host.onDidLose(({ sentence }) => this.#relay.machineDied(sentence));
    this.#ended = ended;
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    this.#relay.handleMessage(message as Parameters<DapRelay["handleMessage"]>[0]);
  }

  dispose(): void {
    this.#lost.dispose();
    this.#relay.dispose();
    this.#ended();
  }
}

/** Gives VS Code an adapter per session; there is one machine, so there is one session at a time. */
function adapterFactory(host: MachineHost): vscode.DebugAdapterDescriptorFactory {
  let live = false;
  return {
    async createDebugAdapterDescriptor() {
      if (live) throw new Error("Another driver is being debugged: stop it first, there is one machine.");
      // A machine that cannot be opened is the launch's own error, with its own place.
      await host.start().catch(() => undefined);
      live = true;
      return new vscode.DebugAdapterInlineImplementation(
        new Tunnel(host, () => {
          live = false;
        }),
      );
    },
  };
}

function configurationFor(program: vscode.Uri, noDebug = false): vscode.DebugConfiguration {
  const name = `${basename(program.fsPath)} on the machine`;
  return { type, request: "launch", name, program: program.fsPath, noDebug };
}

function complete(folder: vscode.WorkspaceFolder | undefined, given: vscode.DebugConfiguration) {
  const driver = activeDriver();
  if (!given.type && !driver) {
    void vscode.window.showInformationMessage(
      'Open a driver, a TypeScript file that imports from "linux/…", and press F5.',
    );
    return undefined;
  }
  const configuration =
    given.type || !driver ? given : configurationFor(driver.uri, given["noDebug"] === true);
  const machine = vscode.workspace.getConfiguration("rootport", folder?.uri).get("machine", "demo");
  return { machine, ...configuration };
}

const provider: vscode.DebugConfigurationProvider = {
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
async function launch(uri: vscode.Uri | undefined, noDebug: boolean): Promise<void> {
  const document = uri ? await vscode.workspace.openTextDocument(uri) : activeDriver();
  if (!document || !(await trusted())) return;
  if (document.isUntitled || document.isDirty) await document.save();
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  await vscode.debug.startDebugging(folder, configurationFor(document.uri, noDebug), { noDebug });
}

/** A driver that answers no pause can only be killed, and the machine with it. */
async function offerKill(host: MachineHost, sentence: string): Promise<void> {
  const kill = vscode.l10n.t("Kill Driver");
  if ((await vscode.window.showWarningMessage(sentence, kill)) === kill) host.kill();
}

function customEvent(host: MachineHost, { session, event, body }: vscode.DebugSessionCustomEvent): void {
  if (session.type === type && event === "rootport/stuck") void offerKill(host, sentenceOf(body?.message));
}

/** The debugger: F5 without a launch.json, one session over the machine's process. */
export function contributeDebugger(host: MachineHost): vscode.Disposable {
  const { Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  return vscode.Disposable.from(
    vscode.debug.registerDebugAdapterDescriptorFactory(type, adapterFactory(host)),
    vscode.debug.registerDebugConfigurationProvider(type, provider),
    vscode.debug.registerDebugConfigurationProvider(type, provider, Dynamic),
    vscode.debug.onDidReceiveDebugSessionCustomEvent((event) => customEvent(host, event)),
    vscode.debug.onDidTerminateDebugSession(() => host.refresh()),
    vscode.commands.registerCommand("rootport.debugDriver", (uri?: vscode.Uri) => launch(uri, false)),
    vscode.commands.registerCommand("rootport.runDriver", (uri?: vscode.Uri) => launch(uri, true)),
  );
}
