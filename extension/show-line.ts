import * as vscode from "vscode";

/** A line of a file, counted from 1, in the first column of editors: beside whoever asked for it. */
export async function showLine({
  path,
  line,
}: {
  readonly path: string;
  readonly line: number;
}): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  const look = { viewColumn: vscode.ViewColumn.One, selection: new vscode.Range(at, at) };
  await vscode.window.showTextDocument(vscode.Uri.file(path), look);
}
