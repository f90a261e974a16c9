import * as vscode from "vscode";
import type { MachineHost } from "./machine-host";

const set = (key: string, value: unknown) =>
  vscode.commands.executeCommand("setContext", `rootport.${key}`, value);

/** The context keys that menus, welcome views and key bindings ask for. */
export function followContextKeys(host: MachineHost): vscode.Disposable {
  let known = "";
  const update = (): void => {
    const phase = host.state?.phase ?? "off";
    if (known === `${host.status} ${phase}`) return;
    known = `${host.status} ${phase}`;
    void set("machineStatus", host.status);
    void set("phase", phase);
  };
  update();
  return host.onDidChange(update);
}
