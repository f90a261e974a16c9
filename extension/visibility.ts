import * as vscode from "vscode";
import type { MachineHost } from "./machine-host";
import { sentenceOf } from "./plain-text";

/** A surface that can be looked at. */
export interface Surface {
  readonly visible: boolean;
  readonly onDidChangeVisibility: vscode.Event<unknown>;
}

/** Powers the machine on when somebody first looks, and tells it whether anybody looks. */
export function followVisibility(host: MachineHost, surfaces: readonly Surface[]): vscode.Disposable {
  const update = (): void => {
    const visible = surfaces.some((surface) => surface.visible);
    host.setVisible(visible);
    // Nobody asked: why it cannot be opened stands in the view, the status bar and Problems.
    if (visible && host.status === "off") void host.start().catch(() => undefined);
  };
  update();
  return vscode.Disposable.from(...surfaces.map((surface) => surface.onDidChangeVisibility(update)));
}

/** For who asked for something of the machine: it is started; what goes wrong becomes one message. */
export async function startOrSay(host: MachineHost): Promise<void> {
  try {
    await host.start();
  } catch (error) {
    // A lost process has its own message.
    if (host.status === "refused") void vscode.window.showErrorMessage(sentenceOf(error));
  }
}
