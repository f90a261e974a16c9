import * as vscode from "vscode";
import type { DriverEdit } from "../emulator/machine/way-views";

/** The body of the adapter's `rootport/problem` event, and what a refused machine file carries: 1-based line and column. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly severity?: "error" | "warning";
  /** A line that the driver lacks. */
  readonly fix?: Pick<DriverEdit, "call" | "header" | "line">;
}

function diagnosticOf({ line, column, message, severity }: Problem): vscode.Diagnostic {
  const start = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
  const levels = vscode.DiagnosticSeverity;
  const level = severity === "warning" ? levels.Warning : levels.Error;
  const diagnostic = new vscode.Diagnostic(new vscode.Range(start, start), message, level);
  diagnostic.source = SOURCE;
  return diagnostic;
}

const SOURCE = "rootport";

/** The place that a rejected request or a thrown MachineProblem names, if it names one. */
export function problemOf(error: unknown): Problem | undefined {
  const { message = "", data, place = data } = error as ErrorWithPlace;
  if (typeof place?.path !== "string") return undefined;
  return { path: place.path, line: place.line ?? 1, column: place.column ?? 1, message };
}

interface ErrorWithPlace {
  readonly message?: string;
  readonly data?: Partial<Problem>;
  readonly place?: Partial<Problem> | undefined;
}

interface Opening {
  readonly onDidRefuse: vscode.Event<Problem>;
  readonly onDidOpen: vscode.Event<void>;
}

/** What is wrong in a driver, a machine file or a dump, in the Problems view until the next launch or machine. */
export class Problems implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection("rootport");
  readonly #subscriptions: vscode.Disposable;
  /** What was told, for the fixes that a diagnostic has no place for. */
  #told: readonly Problem[] = [];

  constructor({ onDidRefuse, onDidOpen }: Opening) {
    const clear = (): void => {
      this.#collection.clear();
      this.#told = [];
    };
    this.#subscriptions = vscode.Disposable.from(
      this.#collection,
      onDidRefuse((problem) => this.add(problem)),
      onDidOpen(clear),
      // A launch that fails never becomes a started session; a tracker sees every beginning.
      vscode.debug.registerDebugAdapterTrackerFactory("rootport", {
        createDebugAdapterTracker: () => ({ onWillStartSession: clear }),
      }),
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
        if (session.type === "rootport" && event === "rootport/problem") this.add(body as Problem);
      }),
    );
  }

  add(problem: Problem): void {
    const uri = vscode.Uri.file(problem.path);
    const others = (this.#collection.get(uri) ?? []).filter(({ message }) => message !== problem.message);
    this.#collection.set(uri, [...others, diagnosticOf(problem)]);
    this.#told = [...this.#told.filter((it) => it.message !== problem.message), problem];
  }

  /** The line that would mend what a diagnostic of ours says. */
  fixOf(document: vscode.Uri, { source, message }: vscode.Diagnostic): Problem["fix"] {
    if (source !== SOURCE) return undefined;
    return this.#told.find((it) => it.message === message && vscode.Uri.file(it.path).path === document.path)
      ?.fix;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
