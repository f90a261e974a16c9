import * as vscode from "vscode";
import type { Row, Rows } from "./row";
import { RowTree } from "./row-tree";
import { watchpointRow } from "./watchpoint-row";
import type { OwnWatchpoints } from "./watchpoints";

/** The Watchpoints view: our own list, and what each one waits for. */
export class WatchpointsTree implements vscode.Disposable {
  readonly view: vscode.TreeView<string>;
  readonly #tree = new RowTree();
  readonly #watchpoints: OwnWatchpoints;
  readonly #subscription: vscode.Disposable;

  constructor(watchpoints: OwnWatchpoints) {
    this.#watchpoints = watchpoints;
    this.view = vscode.window.createTreeView("rootport.watchpoints", { treeDataProvider: this.#tree });
    this.#subscription = watchpoints.onDidChange(() => this.#tree.show(this.#rows()));
    this.#tree.show(this.#rows());
  }

  #rows(): Rows {
    const rows: readonly Row[] = this.#watchpoints.specs.map((spec) =>
      watchpointRow(spec, this.#watchpoints.statusOf(spec)),
    );
    return { roots: rows.map(({ id }) => id), byId: new Map(rows.map((row) => [row.id, row])) };
  }

  row(id: string): Row | undefined {
    return this.#tree.rows.byId.get(id);
  }

  dispose(): void {
    vscode.Disposable.from(this.view, this.#subscription).dispose();
  }
}
