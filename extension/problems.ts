import * as vscode from "vscode";

/** The body of the adapter's `rootport/problem` event: 1-based line and column. */
interface Problem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

function diagnosticOf({ line, column, message }: Problem): vscode.Diagnostic {
  const start = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  const diagnostic = new vscode.Diagnostic(new vscode.Range(start, start), message);
  diagnostic.source = "rootport";
  return diagnostic;
}

/** What the machine's process found wrong in a driver, in the Problems view until the next launch. */
export function followProblems(): vscode.Disposable {
  const problems = vscode.languages.createDiagnosticCollection("rootport");
  const add = (problem: Problem): void => {
    const uri = vscode.Uri.file(problem.path);
    problems.set(uri, [...(problems.get(uri) ?? []), diagnosticOf(problem)]);
  };
  return vscode.Disposable.from(
    problems,
    vscode.debug.onDidStartDebugSession(({ type }) => {
      if (type === "rootport") problems.clear();
    }),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type === "rootport" && event === "rootport/problem") add(body as Problem);
    }),
  );
}
