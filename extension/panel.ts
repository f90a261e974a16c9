import * as vscode from "vscode";
import type { FromPanel, Tab, ToPanel } from "../webview/protocol";
import type { ExplainQuestion } from "../webview/protocol-explain";
import type { TraceQuery } from "../webview/protocol-trace";
import { bootReplay, explain } from "./host/protocol";
import { LiveQuestion } from "./live-question";
import type { MachineHost } from "./machine-host";
import { panelHtml } from "./panel-html";
import { explanationView, panelState, translationView } from "./panel-state";
import { traceWindow } from "./panel-trace";
import { sentenceOf } from "./plain-text";
import { writeRegister } from "./register-write";
import type { Selection } from "./selection";
import { showLine } from "./show-line";
import { type Surface, startOrSay } from "./visibility";
import type { OwnWatchpoints } from "./watchpoints";

type Heard = {
  readonly [T in FromPanel["type"]]: (message: Extract<FromPanel, { readonly type: T }>) => void;
};

const viewType = "rootport.panel";

interface Parts {
  readonly host: MachineHost;
  readonly watchpoints: OwnWatchpoints;
  readonly selection: Selection;
  /** Where the panel's script and styles are. */
  readonly dist: vscode.Uri;
}

/** The panel beside the editor: one instance, redrawn from the newest state while it is visible. */
export class MachinePanel implements vscode.Disposable, Surface {
  readonly #visibility = new vscode.EventEmitter<void>();
  readonly #watch = new vscode.EventEmitter<string>();
  readonly onDidChangeVisibility = this.#visibility.event;
  /** Somebody pressed a register's watch button. */
  readonly onWatch = this.#watch.event;
  readonly #host: MachineHost;
  readonly #watchpoints: OwnWatchpoints;
  readonly #selection: Selection;
  readonly #dist: vscode.Uri;
  readonly #subscriptions: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  #ready = false;
  #wanted: ToPanel | undefined;
  readonly #translation = new LiveQuestion<string, ToPanel>(
    (address) => this.#translate(address),
    (answer) => this.#post(answer),
  );
  readonly #explanation = new LiveQuestion<ExplainQuestion, ToPanel>(
    (question) => this.#explain(question),
    (answer) => this.#post(answer),
  );
  readonly #trace = new LiveQuestion<TraceQuery, ToPanel>(
    async (query) => ({ type: "trace", window: traceWindow(await this.#host.trace(query)) }),
    (answer) => this.#post(answer),
  );

  constructor({ host, watchpoints, selection, dist }: Parts) {
    this.#host = host;
    this.#watchpoints = watchpoints;
    this.#selection = selection;
    this.#dist = dist;
    this.#subscriptions = vscode.Disposable.from(
      host.onDidChange(() => this.#draw()),
      watchpoints.onDidChange(() => this.#draw()),
      selection.onDidChange(({ id, by }) => {
        if (by !== "panel") this.#post({ type: "select", id, touched: by === "debugger" });
      }),
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (panel) => Promise.resolve(this.#adopt(panel)),
      }),
    );
  }

  get visible(): boolean {
    return this.#panel?.visible ?? false;
  }

  /** Brings the panel up beside the editor; the focus stays where it is. */
  open(): void {
    if (this.#panel) this.#panel.reveal(undefined, true);
    else
      this.#adopt(
        vscode.window.createWebviewPanel(viewType, "Rootport", {
          viewColumn: vscode.ViewColumn.Beside,
          preserveFocus: true,
        }),
      );
  }

  show(tab: Tab): void {
    this.#want({ type: "show", tab });
  }

  /** Opens the Translate tab on `address`. */
  translate(address: string): Promise<void> {
    this.#want({ type: "show", tab: "translate", address });
    return this.#translation.ask(address);
  }

  #want(message: ToPanel): void {
    this.open();
    if (this.#ready) this.#post(message);
    else this.#wanted = message;
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    this.#ready = false;
    panel.iconPath = vscode.Uri.joinPath(this.#dist, "..", "extension", "media", "icon.png");
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#dist] };
    panel.webview.onDidReceiveMessage((message: FromPanel) => this.#receive(message));
    panel.onDidChangeViewState(() => this.#seen());
    panel.onDidDispose(() => this.#closed());
    panel.webview.html = panelHtml(panel.webview, this.#dist);
    this.#visibility.fire();
  }

  /** A hidden page is thrown away by VS Code: the next one says `ready` again. */
  #seen(): void {
    if (!this.visible) this.#ready = false;
    if (!this.visible) void this.#trace.ask(undefined);
    this.#visibility.fire();
  }

  #closed(): void {
    this.#panel = undefined;
    this.#ready = false;
    this.#visibility.fire();
  }

  /** What is done with each message. */
  readonly #heard: Heard = {
    ready: () => this.#begin(),
    start: () => void startOrSay(this.#host),
    select: ({ id }) => this.#selection.choose(id, "panel"),
    watch: ({ register }) => this.#watch.fire(register),
    write: (message) => void this.#write(message),
    translate: ({ address }) => this.#asked(address),
    explain: ({ question }) => void this.#explanation.ask(question),
    boot: ({ whatIf }) => void this.#boot(whatIf),
    trace: ({ query }) => void this.#trace.ask(query),
    tracing: ({ to }) => void this.#host.setTracing(to),
    open: (place) => void showLine(place),
    import: ({ name, text }) => void vscode.commands.executeCommand("rootport.importText", { name, text }),
    copy: ({ text }) => void vscode.env.clipboard.writeText(text),
  };

  #receive(message: FromPanel): void {
    (this.#heard[message.type] as (message: FromPanel) => void)(message);
  }

  /** A page that comes back asks for what it remembers: what was asked for since is newer. */
  #asked(address: string): void {
    if (this.#ready || this.#translation.asked === undefined) void this.#translation.ask(address);
  }

  #begin(): void {
    this.#ready = true;
    this.#draw();
    if (this.#selection.id !== undefined)
      this.#post({ type: "select", id: this.#selection.id, touched: false });
    if (this.#wanted) this.#post(this.#wanted);
    this.#wanted = undefined;
  }

  #draw(): void {
    if (!this.#ready || !this.visible) return;
    const { state } = this.#host;
    if (state) this.#post({ type: "state", state: panelState(state, this.#watchpoints.byTarget) });
    else this.#post({ type: "nothing", sentence: nothing[this.#host.status] });
    if (!state) return;
    void this.#translation.refresh();
    void this.#explanation.refresh();
    void this.#trace.refresh();
  }

  async #translate(address: string): Promise<ToPanel> {
    try {
      return { type: "translation", translation: translationView(await this.#host.translate(address)) };
    } catch (error) {
      return { type: "refused", input: address, sentence: sentenceOf(error) };
    }
  }

  async #explain(question: ExplainQuestion): Promise<ToPanel> {
    try {
      const explanation = await this.#host.ask(explain, question);
      return { type: "explanation", explanation: explanation && explanationView(explanation) };
    } catch (error) {
      return { type: "unexplained", sentence: sentenceOf(error) };
    }
  }

  /** How Linux comes to its addresses: the machine boots once more, on the side. */
  async #boot(whatIf: readonly string[]): Promise<void> {
    try {
      this.#post({ type: "boot", replay: await this.#host.ask(bootReplay, { whatIf }) });
    } catch (error) {
      this.#post({ type: "unbooted", sentence: sentenceOf(error) });
    }
  }

  /** The panel hears what the register holds now, or why nothing was written. */
  async #write({ register, ...wish }: FromPanel & { readonly type: "write" }): Promise<void> {
    const ended = await writeRegister(this.#host, { register, ...wish });
    this.#post({ type: "written", register, ...ended });
  }

  #post(message: ToPanel): void {
    if (this.#ready) void this.#panel?.webview.postMessage(message);
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#panel?.dispose();
    this.#visibility.dispose();
    this.#watch.dispose();
  }
}

const nothing: Readonly<Record<MachineHost["status"], string>> = {
  off: "No machine is running.",
  starting: "Powering on…",
  on: "The machine has nothing to show yet.",
  lost: "The machine's process has ended.",
  refused: "The machine could not be opened.",
};
