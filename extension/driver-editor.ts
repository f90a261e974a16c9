import * as vscode from "vscode";
import { firstLinuxImport, isDriver } from "./driver-source";

const selector: vscode.DocumentSelector = { language: "typescript", scheme: "file" };

/** The driver in the active editor, if that is what it shows. */
export function activeDriver(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === "typescript" && isDriver(document.getText()) ? document : undefined;
}

/** Keeps the context key that F5, the menus and the debugger's own visibility hang on. */
export function followDriverEditor(): vscode.Disposable {
  let known: boolean | undefined;
  const update = (): void => {
    const now = activeDriver() !== undefined;
    if (now !== known) void vscode.commands.executeCommand("setContext", "rootport.driverInEditor", now);
    known = now;
  };
  update();
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) update();
    }),
  );
}

/** `Debug | Run` above a driver's first import from `linux/`. */
export function driverLenses(): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(selector, {
    provideCodeLenses(document) {
      const line = firstLinuxImport(document.getText());
      if (line < 0) return [];
      const range = new vscode.Range(line, 0, line, 0);
      const lens = (title: string, command: string) =>
        new vscode.CodeLens(range, { title, command, arguments: [document.uri] });
      return [lens("$(debug-alt) Debug", "rootport.debugDriver"), lens("$(play) Run", "rootport.runDriver")];
    },
  });
}
