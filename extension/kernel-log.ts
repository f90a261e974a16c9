import * as vscode from "vscode";
import type { LogLine } from "../emulator/machine/views";
import type { MachineHost } from "./machine-host";
import { sentenceOf } from "./plain-text";

/** `[    0.000123] pci 0000:00:01.0: …`, as dmesg prints it. */
export const dmesgLine = ({ time, text }: LogLine): string =>
  `[${(time / 1e9).toFixed(6).padStart(12)}] ${text}`;

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
      this.#print((await this.#host.log()).map((line) => `${dmesgLine(line)}\n`).join(""));
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
