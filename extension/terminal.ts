/** The terminal "Rootport": lines that the machine's process answers, as a Linux on the machine would. */
import * as vscode from "vscode";
import { keysOf, LineEditor, type Wish } from "./line-editor";
import type { MachineHost } from "./machine-host";
import { sentenceOf } from "./plain-text";

const key = "rootport.terminal.history";
const MOST_LINES = 200;
const CTRL_C = "\x03";
const CLEAR = "\x1b[2J\x1b[3J\x1b[H";

const red = (text: string): string => `\x1b[31m${text}\x1b[0m`;
const green = (text: string): string => `\x1b[32m${text}\x1b[0m`;

class MachineTerminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<void>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;
  readonly #host: MachineHost;
  readonly #memory: vscode.Memento;
  readonly #editor: LineEditor;
  /** Typed while a command runs. */
  readonly #ahead: string[] = [];
  /** The command that runs: its answer is dropped once it is no longer this. */
  #running: object | undefined;

  constructor(host: MachineHost, memory: vscode.Memento) {
    this.#host = host;
    this.#memory = memory;
    this.#editor = new LineEditor((text) => this.#written.fire(text), memory.get<readonly string[]>(key, []));
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    if (dimensions) this.setDimensions(dimensions);
    const hello = vscode.l10n.t('The PCIe machine, as its Linux shows it. "help" lists the commands.');
    this.#written.fire(`${hello}\r\n`);
    this.#prompt();
  }

  setDimensions({ columns }: vscode.TerminalDimensions): void {
    this.#editor.columns = columns;
  }

  handleInput(data: string): void {
    for (const typed of keysOf(data)) this.#press(typed);
  }

  #press(typed: string): void {
    if (!this.#running) {
      const wish = this.#editor.press(typed);
      if (wish) this.#fulfil(wish);
    } else if (typed === CTRL_C) this.#interrupt();
    else this.#ahead.push(typed);
  }

  #fulfil(wish: Wish): void {
    if (wish.kind === "line") void this.#run(wish.text.trim());
    else if (wish.kind === "complete") void this.#complete(wish.left);
    else if (wish.kind === "interrupt") this.#prompt();
    else if (wish.kind === "end") this.#closed.fire();
    else this.#clear();
  }

  #interrupt(): void {
    this.#ahead.length = 0;
    this.#written.fire("^C\r\n");
    this.#prompt();
  }

  #clear(): void {
    this.#written.fire(CLEAR);
    this.#editor.redraw();
  }

  #prompt(): void {
    this.#running = undefined;
    this.#editor.begin(`${green(this.#host.state?.name ?? "rootport")}# `);
    this.#catchUp();
  }

  /** What was typed meanwhile. */
  #catchUp(): void {
    for (let typed = this.#ahead.shift(); typed !== undefined; typed = this.#ahead.shift()) {
      this.#press(typed);
      if (this.#running) return;
    }
  }

  async #run(line: string): Promise<void> {
    if (line === "exit") {
      this.#closed.fire();
      return;
    }
    void this.#memory.update(key, this.#editor.history.slice(-MOST_LINES));
    const text = this.#own(line) ?? (await this.#whileRunning(this.#answer(line)));
    if (text === undefined) return;
    this.#print(text);
    this.#prompt();
  }

  /** What the terminal itself answers. */
  #own(line: string): string | undefined {
    if (line === "clear") return CLEAR;
    if (line === "history")
      return this.#editor.history.map((old, index) => `${index + 1}  ${old}\n`).join("");
    return line === "" ? "" : undefined;
  }

  #answer(line: string): Promise<string> {
    return this.#host.runShell(line).catch((error: unknown) => `${red(sentenceOf(error))}\n`);
  }

  async #complete(left: string): Promise<void> {
    const nothing = { from: 0, choices: [] };
    const offer = await this.#whileRunning(this.#host.completeShell(left).catch(() => nothing));
    if (!offer) return;
    this.#editor.offer(offer);
    this.#catchUp();
  }

  /** Undefined when it was interrupted meanwhile. */
  async #whileRunning<T>(work: Promise<T>): Promise<T | undefined> {
    const running = {};
    this.#running = running;
    const done = await work;
    if (this.#running !== running) return undefined;
    this.#running = undefined;
    return done;
  }

  #print(text: string): void {
    this.#written.fire(text.replaceAll("\n", "\r\n"));
  }

  close(): void {
    this.#running = undefined;
  }
}

const profile = "rootport.terminal";

const openTerminal = (): vscode.Terminal | undefined =>
  vscode.window.terminals.find(
    ({ creationOptions, exitStatus }) =>
      exitStatus === undefined && "pty" in creationOptions && creationOptions.pty instanceof MachineTerminal,
  );

/** The terminal by command, which shows the one that is open, and as a profile of VS Code's own list. */
export function contributeTerminal(host: MachineHost, memory: vscode.Memento): vscode.Disposable {
  const options = (): vscode.ExtensionTerminalOptions => ({
    name: "Rootport",
    pty: new MachineTerminal(host, memory),
    iconPath: new vscode.ThemeIcon("circuit-board"),
    isTransient: true,
  });
  return vscode.Disposable.from(
    vscode.window.registerTerminalProfileProvider(profile, {
      provideTerminalProfile: () => new vscode.TerminalProfile(options()),
    }),
    vscode.commands.registerCommand("rootport.openTerminal", () =>
      (openTerminal() ?? vscode.window.createTerminal(options())).show(),
    ),
  );
}
