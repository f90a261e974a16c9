import * as vscode from "vscode";

/** Which rows of a tree somebody opened or closed: VS Code itself forgets it when a window is loaded again. */
export class Expansion {
  readonly #memory: vscode.Memento;
  readonly #key: string;
  readonly #open: Map<string, boolean>;

  constructor(memory: vscode.Memento, key: string) {
    this.#memory = memory;
    this.#key = key;
    this.#open = new Map(Object.entries(memory.get<Readonly<Record<string, boolean>>>(key, {})));
  }

  /** Undefined for a row that was left as it is by default. */
  isOpen(id: string): boolean | undefined {
    return this.#open.get(id);
  }

  follow(view: vscode.TreeView<string>): vscode.Disposable {
    return vscode.Disposable.from(
      view.onDidExpandElement(({ element }) => this.#keep(element, true)),
      view.onDidCollapseElement(({ element }) => this.#keep(element, false)),
    );
  }

  #keep(id: string, open: boolean): void {
    this.#open.set(id, open);
    void this.#memory.update(this.#key, Object.fromEntries(this.#open));
  }
}
