import * as vscode from "vscode";
import { DapTunnel } from "./dap-tunnel";
import { debugType, driverConfigurations, launchDriver } from "./driver-launch";
import type { Death } from "./host/death";
import { t } from "./l10n";
import type { MachineHost } from "./machine-host";
import type { NativeWatchpoints } from "./native-watchpoints";
import { sentenceOf } from "./plain-text";
import type { Selection } from "./selection";
import { stopReason } from "./stop-reason";
import { registerIdOf } from "./subject";

const kill = t("Kill Driver");
const restart = t("Restart");
const showProblems = t("Show Problems");

/** Ends the driver, whatever it does: the session's own way, or the whole process when that takes too long. */
export async function killDriver(host: MachineHost): Promise<void> {
  const session = vscode.debug.activeDebugSession;
  const patience = new Promise<boolean>((resolve) => setTimeout(resolve, 3000, false));
  const asked = session?.type === debugType ? session.customRequest("rootport/kill").then(() => true) : false;
  if (!(await Promise.race([asked, patience]).catch(() => false))) host.kill();
}

interface Parts {
  readonly host: MachineHost;
  readonly selection: Selection;
  readonly native: NativeWatchpoints;
}

/** The sessions: one at a time, as there is one machine. What ends one badly is said once, with a way back. */
class DriverSessions implements vscode.DebugAdapterDescriptorFactory {
  readonly #host: MachineHost;
  readonly #selection: Selection;
  readonly #native: NativeWatchpoints;
  #live: vscode.DebugSession | undefined;
  /** Its end has been said: the process may follow the driver, and that is no second message. */
  #mourned: vscode.DebugSession | undefined;

  constructor({ host, selection, native }: Parts) {
    this.#host = host;
    this.#selection = selection;
    this.#native = native;
  }

  async createDebugAdapterDescriptor(session: vscode.DebugSession) {
    if (this.#live)
      throw new Error(t("Another driver is being debugged: stop it first, there is one machine."));
    // A machine that cannot be opened is the launch's own error, with its own place.
    await this.#host.start().catch(() => undefined);
    this.#live = session;
    const tunnel = new DapTunnel(this.#host, {
      refused: (sentence) => void this.#sayRefused(sentence),
      lost: (sentence) => void this.#offerRestart(sentence),
      sent: (message) => this.#native.learn(message),
      touched: (register) => this.#select(register),
      ended: () => {
        this.#live = undefined;
        this.#native.forget();
      },
    });
    return new vscode.DebugAdapterInlineImplementation(tunnel);
  }

  /** The register that stopped the driver is the one to look at. */
  #select(register: string): void {
    const id = registerIdOf(this.#host.state?.functions ?? [], register);
    if (id !== undefined) this.#selection.choose(id, "debugger");
  }

  async #sayRefused(sentence: string): Promise<void> {
    const chosen = await vscode.window.showErrorMessage(sentence, showProblems);
    if (chosen === showProblems) await vscode.commands.executeCommand("workbench.actions.view.problems");
  }

  /** The process is gone, with or without a driver in it. */
  sayDeath({ sentence }: Death): void {
    void this.#offerRestart(sentence);
  }

  /** Restart powers the machine on, and runs the driver again that was lost. */
  async #offerRestart(sentence: string): Promise<void> {
    const lost = this.#live;
    if (lost && lost === this.#mourned) return;
    this.#mourned = lost;
    if ((await vscode.window.showErrorMessage(sentence, restart)) !== restart) return;
    await this.#host.start();
    if (lost) await vscode.debug.startDebugging(lost.workspaceFolder, lost.configuration);
  }

  /** A driver that answers no pause can only be killed. */
  async stuck({ session, event, body }: vscode.DebugSessionCustomEvent): Promise<void> {
    if (session.type !== debugType || event !== "rootport/stuck") return;
    if ((await vscode.window.showWarningMessage(String(body.message), kill)) === kill)
      await killDriver(this.#host);
  }
}

/** The debugger: F5 without a launch.json, one session over the machine's process. */
export function contributeDebugger(parts: Parts): vscode.Disposable {
  const { host } = parts;
  const sessions = new DriverSessions(parts);
  const say = (error: unknown) => void vscode.window.showErrorMessage(sentenceOf(error));
  const on = (name: string, run: (uri?: vscode.Uri) => Promise<void>) =>
    vscode.commands.registerCommand(`rootport.${name}`, (uri?: vscode.Uri) => run(uri).catch(say));
  const { Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
  const configurations = driverConfigurations(host);
  return vscode.Disposable.from(
    vscode.debug.registerDebugAdapterDescriptorFactory(debugType, sessions),
    vscode.debug.registerDebugConfigurationProvider(debugType, configurations),
    vscode.debug.registerDebugConfigurationProvider(debugType, configurations, Dynamic),
    vscode.debug.onDidReceiveDebugSessionCustomEvent((event) => void sessions.stuck(event)),
    vscode.debug.onDidTerminateDebugSession(() => host.refresh()),
    stopReason(),
    host.onDidLose((death) => sessions.sayDeath(death)),
    on("debugDriver", (uri) => launchDriver(uri, false)),
    on("runDriver", (uri) => launchDriver(uri, true)),
    on("killDriver", () => killDriver(host)),
  );
}
