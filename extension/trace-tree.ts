import * as vscode from "vscode";
import type { TraceQuery, TraceWindow } from "../emulator/machine/trace-views";
import { LiveQuestion } from "./live-question";
import type { MachineHost } from "./machine-host";
import { sentenceOf } from "./plain-text";
import { RowTree } from "./row-tree";
import { showLine } from "./show-line";
import { type TraceRows, traceRows } from "./trace-rows";

const newest: TraceQuery = {
  filter: { lanes: [], words: "", failed: false },
  from: "end",
  count: 200,
  bins: 1,
};

/** Enter, or a press, shows the driver's line. */
class TracedRows extends RowTree {
  override getTreeItem(id: string): vscode.TreeItem {
    const item = super.getTreeItem(id);
    if (item.contextValue === "traced line")
      item.command = {
        command: "rootport.goToTraceLine",
        title: vscode.l10n.t("Go to Line"),
        arguments: [id],
      };
    return item;
  }
}

/** The Bus Trace view: the newest of what went over the buses, while it can be seen. */
export class TraceTree implements vscode.Disposable {
  readonly view: vscode.TreeView<string>;
  readonly #tree = new TracedRows();
  readonly #host: MachineHost;
  readonly #subscriptions: vscode.Disposable;
  readonly #question: LiveQuestion<TraceQuery, TraceWindow>;
  #sources: TraceRows["sources"] = new Map();

  constructor(host: MachineHost) {
    this.#host = host;
    this.#question = new LiveQuestion(
      (query) => host.trace(query),
      (window) => this.#show(window),
    );
    this.view = vscode.window.createTreeView("rootport.trace", { treeDataProvider: this.#tree });
    this.#subscriptions = vscode.Disposable.from(
      this.view,
      host.onDidChange(() => this.#look()),
      this.view.onDidChangeVisibility(() => this.#look()),
      ...(["on", "off", "clear"] as const).map((to) => this.#switch(to)),
      vscode.commands.registerCommand("rootport.goToTraceLine", (id: string) => this.#go(id)),
    );
  }

  /** A machine that is off has no trace, and is not started for it. */
  #look(): void {
    const looked = this.view.visible && this.#host.status === "on";
    void this.#question.ask(looked ? newest : undefined);
  }

  #show(window: TraceWindow): void {
    const rows = traceRows(window);
    this.#sources = rows.sources;
    this.#tree.show(rows);
    this.view.description = window.on ? vscode.l10n.t("recording") : "";
    void vscode.commands.executeCommand("setContext", "rootport.tracing", window.on);
  }

  #switch(to: "on" | "off" | "clear"): vscode.Disposable {
    const names = { on: "startTrace", off: "stopTrace", clear: "clearTrace" };
    return vscode.commands.registerCommand(`rootport.${names[to]}`, () =>
      this.#host.setTracing(to).catch((error: unknown) => {
        void vscode.window.showErrorMessage(sentenceOf(error));
      }),
    );
  }

  async #go(id: string): Promise<void> {
    const source = this.#sources.get(id);
    if (source) await showLine(source);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
