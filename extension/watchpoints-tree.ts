import * as vscode from "vscode";
import type { NativeWatchpoints } from "./native-watchpoints";
import type { Row, Rows } from "./row";
import { RowTree } from "./row-tree";
import { groupRows, nativeRows, watchpointRow } from "./watchpoint-row";
import type { WatchSpec } from "./watchpoint-spec";
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
    this.view = vscode.window.createTreeView("rootport.watchpoints", {
      treeDataProvider: this.#tree,
      manageCheckboxStateManually: true,
    });
    const show = (): void => this.#tree.show(this.#rows());
    this.#subscription = vscode.Disposable.from(
      watchpoints.onDidChange(show),
      native.onDidChange(show),
      this.view.onDidChangeCheckboxState(({ items }) => void this.#switch(items)),
    );
    show();
  }

  #rows(): Rows {
    const { specs } = this.#watchpoints;
    const isOn = (spec: WatchSpec) => this.#watchpoints.isOn(spec);
    const own: readonly Row[] = specs.map((spec) =>
      watchpointRow(spec, { status: this.#watchpoints.statusOf(spec), on: isOn(spec) }),
    );
    const rows = [...groupRows(specs, isOn), ...own, ...nativeRows(this.#native.list)];
    const roots = rows.filter(({ parent }) => parent === undefined).map(({ id }) => id);
    return { roots, byId: new Map(rows.map((row) => [row.id, row])) };
  }

  async #switch(
    items: readonly (readonly [id: string, state: vscode.TreeItemCheckboxState])[],
  ): Promise<void> {
    for (const [id, state] of items)
      await this.#watchpoints.switch(
        this.#watchpoints.below(id),
        state === vscode.TreeItemCheckboxState.Checked,
      );
  }

  dispose(): void {
    vscode.Disposable.from(this.view, this.#subscription).dispose();
  }
}
