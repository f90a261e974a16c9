import * as vscode from "vscode";
import type { MachineHost } from "./machine-host";
import { changedValues, type Rows } from "./row";

const key = "rootport.pinned";
const mostRecent = 20;

/** Which registers somebody wants before his eyes: those he pinned, and those that changed last, newest first. */
export class Pins implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #memory: vscode.Memento;
  readonly #subscription: vscode.Disposable;
  #pinned: readonly string[];
  #recent: readonly string[] = [];

  constructor(host: MachineHost, memory: vscode.Memento) {
    this.#memory = memory;
    this.#pinned = memory.get<readonly string[]>(key, []);
    // Another machine, or the same one from power-on: nothing was touched there.
    this.#subscription = host.onDidOpen(() => this.#keep({ recent: [] }));
  }

  /** Rows' ids. */
  get pinned(): readonly string[] {
    return this.#pinned;
  }

  /** Rows' ids, newest first. */
  get recent(): readonly string[] {
    return this.#recent;
  }

  /** Learns what differs between two states of the Devices tree. */
  learn(before: Rows, after: Rows): void {
    const touched = [...changedValues(before, after).keys()].filter(
      (id) => after.byId.get(id)?.register !== undefined,
    );
    if (touched.length === 0) return;
    const recent = [...touched, ...this.#recent.filter((id) => !touched.includes(id))].slice(0, mostRecent);
    this.#keep({ recent });
  }

  async pin(id: string): Promise<void> {
    await this.#pin([...this.#pinned.filter((one) => one !== id), id]);
  }

  async unpin(id: string): Promise<void> {
    await this.#pin(this.#pinned.filter((one) => one !== id));
  }

  async #pin(pinned: readonly string[]): Promise<void> {
    this.#pinned = pinned;
    this.#changed.fire();
    await this.#memory.update(key, pinned);
  }

  #keep({ recent }: { recent: readonly string[] }): void {
    this.#recent = recent;
    this.#changed.fire();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
