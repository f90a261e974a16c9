import * as vscode from "vscode";
import { debugType } from "./driver-launch";
import { t } from "./l10n";

interface Message {
  readonly type: string;
  readonly event?: string;
  readonly command?: string;
  readonly body?: { readonly description?: string; readonly text?: string; readonly reason?: string };
}

const GOES_ON = /^(continue|next|stepIn|stepOut|restart|restartFrame|terminate|disconnect)$/;
const MOST = 80;

/** `write edu.FACTORIAL 0x0 → 0x5 by factorial()`; the first line of what has more. */
function reasonIn({ event, body }: Message): string | undefined {
  if (event !== "stopped") return undefined;
  const [line = ""] = (body?.text ?? body?.description ?? body?.reason ?? "").split("\n");
  return line.length > MOST ? `${line.slice(0, MOST)}…` : line;
}

/** Why the driver stands still, in the status bar: it is seen whatever view is open. */
export function stopReason(): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("rootport.stop", vscode.StatusBarAlignment.Left, 9);
  item.name = t("Rootport: why the driver stopped");
  item.command = "workbench.debug.action.focusCallStackView";
  const show = (text: string): void => {
    item.text = `$(debug-stackframe) ${text}`;
    item.tooltip = t("Why the driver stopped: show the call stack");
    item.show();
  };
  return vscode.Disposable.from(
    item,
    vscode.debug.onDidTerminateDebugSession(() => item.hide()),
    vscode.debug.registerDebugAdapterTrackerFactory(debugType, {
      createDebugAdapterTracker: () => ({
        onDidSendMessage: (message: Message) => {
          const reason = reasonIn(message);
          if (reason !== undefined) show(reason);
        },
        onWillReceiveMessage: ({ command = "" }: Message) => {
          if (GOES_ON.test(command)) item.hide();
        },
      }),
    }),
  );
}
