import * as vscode from "vscode";
import type { DevicesTree } from "./devices-tree";
import type { Pins } from "./pins";
import { plainId, registersRows } from "./registers-rows";
import { RowTree } from "./row-tree";
import type { Selection } from "./selection";

interface Parts {
  readonly devices: DevicesTree;
  readonly pins: Pins;
  readonly selection: Selection;
}

/** The Registers view: the few that matter now, of whichever device. */
export class RegistersTree implements vscode.Disposable {
  readonly view: vscode.TreeView<string>;
  readonly #tree = new RowTree();
  readonly #subscriptions: vscode.Disposable;

  constructor({ devices, pins, selection }: Parts) {
    this.view = vscode.window.createTreeView("rootport.registers", { treeDataProvider: this.#tree });
    const show = (): void => this.#tree.show(registersRows(pins, devices.rows));
    this.#subscriptions = vscode.Disposable.from(
      devices.onDidShow(show),
      pins.onDidChange(show),
      this.view.onDidChangeSelection(({ selection: [id] }) => {
        if (id?.includes("/")) selection.choose(plainId(id), "registers");
      }),
    );
    show();
  }

  dispose(): void {
    vscode.Disposable.from(this.view, this.#subscriptions).dispose();
  }
}
