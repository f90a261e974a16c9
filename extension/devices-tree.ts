import * as vscode from "vscode";
import { devicesRows } from "./devices-rows";
import { Expansion } from "./expansion";
import type { MachineHost } from "./machine-host";
import { phaseWords } from "./phase-words";
import type { Pins } from "./pins";
import type { RadixChoice } from "./radix";
import { changedValues, noRows, type Row, type Rows } from "./row";
import { RowTree } from "./row-tree";
import type { Chosen, Selection } from "./selection";
import type { OwnWatchpoints } from "./watchpoints";

interface Parts {
  readonly host: MachineHost;
  readonly watchpoints: OwnWatchpoints;
  readonly selection: Selection;
  readonly pins: Pins;
  readonly radix: RadixChoice;
  readonly memory: vscode.Memento;
}

/** The Devices view: what was enumerated, with registers that live. */
export class DevicesTree implements vscode.Disposable {
  readonly view: vscode.TreeView<string>;
  readonly #tree: RowTree;
  readonly #host: MachineHost;
  readonly #watchpoints: OwnWatchpoints;
  readonly #pins: Pins;
  readonly #radix: RadixChoice;
  readonly #shown = new vscode.EventEmitter<void>();
  /** The rows are others. */
  readonly onDidShow = this.#shown.event;
  readonly #subscriptions: vscode.Disposable[];
  #changed: ReadonlyMap<string, string> = new Map();

  constructor({ host, watchpoints, selection, pins, radix, memory }: Parts) {
    const expansion = new Expansion(memory, "rootport.devices.open");
    this.#tree = new RowTree(expansion);
    this.#host = host;
    this.#watchpoints = watchpoints;
    this.#pins = pins;
    this.#radix = radix;
    this.view = vscode.window.createTreeView("rootport.devices", {
      treeDataProvider: this.#tree,
      showCollapseAll: true,
    });
    this.#subscriptions = [
      this.view,
      this.#shown,
      expansion.follow(this.view),
      this.view.onDidChangeSelection(({ selection: [id] }) => {
        if (id !== undefined) selection.choose(id, "tree");
      }),
      selection.onDidChange((chosen) => this.#follow(chosen)),
      // What was chosen while nobody saw the tree is selected when somebody does.
      this.view.onDidChangeVisibility(() => {
        if (selection.id !== undefined) this.#follow({ id: selection.id, by: "debugger" });
      }),
      host.onDidChange(() => this.#show()),
      watchpoints.onDidChange(() => this.#show()),
      radix.onDidChange(() => this.#show()),
    ];
    this.#show();
  }

  #rows() {
    const { state } = this.#host;
    if (!state) return noRows;
    return devicesRows({
      functions: state.functions,
      watched: this.#watchpoints.byTarget,
      changed: this.#changed,
      mappings: state.linux.mappings,
      radix: this.#radix.radix,
    });
  }

  #show(): void {
    const before = this.#tree.rows;
    const changed = changedValues(before, this.#rows());
    if (changed.size > 0) this.#changed = changed;
    const { state } = this.#host;
    this.view.description = state ? `${state.name} · ${phaseWords(state)}` : "";
    this.#tree.show(this.#rows());
    this.#pins.learn(before, this.#tree.rows);
    this.#shown.fire();
  }

  get rows(): Rows {
    return this.#tree.rows;
  }

  row(id: string): Row | undefined {
    return this.#tree.rows.byId.get(id);
  }

  /** Every register, in the tree's order. */
  registers(): readonly Row[] {
    return [...this.#tree.rows.byId.values()].filter(({ register }) => register !== undefined);
  }

  /** What was chosen elsewhere is selected here, too; the focus stays where it is. */
  #follow({ id, by }: Chosen): void {
    if (by === "tree" || !this.view.visible || !this.row(id)) return;
    this.view.reveal(id, { select: true, focus: false }).then(undefined, () => undefined);
  }

  async reveal(id: string): Promise<void> {
    await this.view.reveal(id, { select: true, focus: true, expand: true });
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}
