import * as vscode from "vscode";

/** Who chose. */
export type Chooser = "tree" | "registers" | "panel" | "debugger" | "link";

export interface Chosen {
  /** A row's id: see subject.ts. */
  readonly id: string;
  readonly by: Chooser;
}

/** What is selected: one thing for tree, panel and debugger. */
export class Selection implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Chosen>();
  readonly onDidChange = this.#changed.event;
  #id: string | undefined;

  get id(): string | undefined {
    return this.#id;
  }

  choose(id: string, by: Chooser): void {
    if (id === this.#id) return;
    this.#id = id;
    this.#changed.fire({ id, by });
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
