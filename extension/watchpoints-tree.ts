import * as vscode from "vscode";
import type { NativeWatchpoints } from "./native-watchpoints";
import type { Row, Rows } from "./row";
import { RowTree } from "./row-tree";
import { nativeRows, watchpointRow } from "./watchpoint-row";
import type { OwnWatchpoints } from "./watchpoints";

/** The Watchpoints view: our own list and what each one waits for, and below it what the Breakpoints view has. */
export class WatchpointsTree implements vscode.Disposable {
  readonly view: vscode.TreeView<string>;
  readonly #tree = new RowTree();
  readonly #watchpoints: OwnWatchpoints;
  readonly #native: NativeWatchpoints;
  readonly #subscription: vscode.Disposable;

  constructor(watchpoints: OwnWatchpoints, native: NativeWatchpoints) {
    this.#watchpoints = watchpoints;
    this.#native = native;
    this.view = vscode.window.createTreeView("rootport.watchpoints", { treeDataProvider: this.#tree });
    const show = (): void => this.#tree.show(this.#rows());
    this.#subscription = vscode.Disposable.from(watchpoints.onDidChange(show), native.onDidChange(show));
    show();
  }

  #rows(): Rows {
    const own: readonly Row[] = this.#watchpoints.specs.map((spec) =>
      watchpointRow(spec, this.#watchpoints.statusOf(spec)),
    );
    const rows = [...own, ...nativeRows(this.#native.list)];
    const roots = rows.filter(({ parent }) => parent === undefined).map(({ id }) => id);
    return { roots, byId: new Map(rows.map((row) => [row.id, row])) };
  }

  dispose(): void {
    vscode.Disposable.from(this.view, this.#subscription).dispose();
  }
}
