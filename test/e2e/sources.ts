/** Drivers in the folder that the editor has open, and where in them a line is. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";

/** The open folder: a copy of the samples. */
export function workspace(): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error("The editor has no folder open");
  return folder.uri.fsPath;
}

/** The number of the first line that matches, from 1, at or after the line that matches `after`. */
export function lineOf(file: string, text: RegExp, after = /^/): number {
  const lines = readFileSync(path.join(workspace(), file), "utf8").split("\n");
  const start = lines.findIndex((line) => after.test(line));
  const line = lines.findIndex((candidate, index) => index >= start && text.test(candidate));
  if (start < 0 || line < 0) throw new Error(`${file} has no line like ${text} after ${after}`);
  return line + 1;
}

export function writeDriver(file: string, source: string): void {
  writeFileSync(path.join(workspace(), file), source);
}

/** What a test before may have left behind: a session, breakpoints, watchpoints, editors. */
export async function clean(): Promise<void> {
  await vscode.debug.stopDebugging();
  vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
  await vscode.commands.executeCommand("rootport.removeAllWatchpoints");
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}
