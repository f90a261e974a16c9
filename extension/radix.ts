/** In which digits the trees show values. */
import * as vscode from "vscode";
import { type Radix, radixes } from "./plain-text";

const key = "rootport.radix";

const names: Readonly<Record<Radix, string>> = {
  16: vscode.l10n.t("Hexadecimal"),
  10: vscode.l10n.t("Decimal"),
  2: vscode.l10n.t("Binary"),
};

/** Kept for the folder. */
export class RadixChoice implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  get radix(): Radix {
    const kept = this.#memory.get<number>(key);
    return radixes.find((one) => one === kept) ?? 16;
  }

  async choose(): Promise<void> {
    const { radix } = this;
    const items = radixes.map((one) => ({
      label: names[one],
      radix: one,
      ...(one === radix && { description: vscode.l10n.t("now") }),
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t("Show Values As"),
      placeHolder: vscode.l10n.t("In which digits?"),
    });
    if (!chosen) return;
    await this.#memory.update(key, chosen.radix);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
