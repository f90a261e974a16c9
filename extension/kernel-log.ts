import * as vscode from "vscode";
import { formatLogLine } from "../emulator/formats/log-line";
import type { MachineHost } from "./machine-host";
import { sentenceOf } from "./plain-text";

/** The kernel's log in the output channel; it follows the machine once it was shown. */
export class KernelLog implements vscode.Disposable {
  readonly #host: MachineHost;
  readonly #channel = vscode.window.createOutputChannel("Rootport", "log");
  readonly #subscriptions: vscode.Disposable;
  #following = false;
  #shown = "";

  constructor(host: MachineHost) {
    this.#host = host;
    this.#subscriptions = vscode.Disposable.from(
      host.onDidChange(() => void this.#update()),
      host.onWatchHit(({ text }) => this.#channel.appendLine(`watchpoint: ${text}`)),
    );
  }

  async show(): Promise<void> {
    this.#following = true;
    await this.#update();
    this.#channel.show(true);
  }

  async #update(): Promise<void> {
    if (!this.#following || this.#host.status !== "on") return;
    try {
      this.#print((await this.#host.log()).map((line) => `${formatLogLine(line)}\n`).join(""));
    } catch (error) {
      this.#channel.appendLine(sentenceOf(error));
    }
  }

  #print(text: string): void {
    if (text.startsWith(this.#shown)) this.#channel.append(text.slice(this.#shown.length));
    else this.#channel.replace(text);
    this.#shown = text;
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#channel.dispose();
  }
}
