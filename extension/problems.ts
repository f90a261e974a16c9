import * as vscode from "vscode";

/** The body of the adapter's `rootport/problem` event, and what a refused machine file carries: 1-based line and column. */
export interface Problem {
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

/** The place that a rejected request names, if it names one. */
export function problemOf(error: unknown): Problem | undefined {
  const { message = "", data } = error as { message?: string; data?: Partial<Problem> };
  if (typeof data?.path !== "string") return undefined;
  return { path: data.path, line: data.line ?? 1, column: data.column ?? 1, message };
}

interface Opening {
  readonly onDidRefuse: vscode.Event<Problem>;
  readonly onDidOpen: vscode.Event<void>;
}

/** What is wrong in a driver or a machine file, in the Problems view until the next launch or machine. */
export function followProblems({ onDidRefuse, onDidOpen }: Opening): vscode.Disposable {
  const problems = vscode.languages.createDiagnosticCollection("rootport");
  const add = (problem: Problem): void => {
    const uri = vscode.Uri.file(problem.path);
    problems.set(uri, [...(problems.get(uri) ?? []), diagnosticOf(problem)]);
  };
  return vscode.Disposable.from(
    problems,
    onDidRefuse(add),
    onDidOpen(() => problems.clear()),
    // A launch that fails never becomes a started session; a tracker sees every beginning.
    vscode.debug.registerDebugAdapterTrackerFactory("rootport", {
      createDebugAdapterTracker: () => ({ onWillStartSession: () => problems.clear() }),
    }),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (session.type === "rootport" && event === "rootport/problem") add(body as Problem);
    }),
  );
}
