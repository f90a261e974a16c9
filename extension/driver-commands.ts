import * as vscode from "vscode";
import { newDriver, openSample } from "./new-driver";
import { sentenceOf } from "./plain-text";
import { addTypes } from "./types-quick-fix";

/** Commands that write or open drivers. `dist`: what the extension ships; `storage`: where it may write. */
export function driverCommands({
  dist,
  storage,
}: {
  dist: vscode.Uri;
  storage: vscode.Uri;
}): vscode.Disposable {
  const on = <A>(name: string, run: (argument?: A) => Promise<void>) =>
    vscode.commands.registerCommand(`rootport.${name}`, (argument?: A) =>
      run(argument).catch((error: unknown) => void vscode.window.showErrorMessage(sentenceOf(error))),
    );
  return vscode.Disposable.from(
    on("openSample", () => openSample(dist, storage)),
    on("newDriver", (given?: { folder?: vscode.Uri; name?: string }) => newDriver(dist, given)),
    on("addTypes", (document?: vscode.Uri) => addTypes(dist, document)),
  );
}
