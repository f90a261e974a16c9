import * as vscode from "vscode";
import type { WatchpointRequest, WatchpointStatus } from "../emulator/machine/views";
import type { MachineHost } from "./machine-host";
import { parseSpec, specText, type WatchAccess, type WatchSpec, withSpec } from "./watchpoint-spec";

const key = "rootport.watchpoints";

/** Our own watchpoints: they outlive sessions, power cycles and restarts, and no debugger's list touches them. */
export class OwnWatchpoints implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #host: MachineHost;
  readonly #memory: vscode.Memento;
  readonly #subscriptions: vscode.Disposable;
  #specs: readonly WatchSpec[];
  #statuses: ReadonlyMap<string, WatchpointStatus> = new Map();

  constructor(host: MachineHost, memory: vscode.Memento) {
    this.#host = host;
    this.#memory = memory;
    this.#specs = memory.get<readonly string[]>(key, []).flatMap((text) => parseSpec(text) ?? []);
    this.#subscriptions = vscode.Disposable.from(
      host.onDidOpen(() => this.#send()),
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ event, body }) => {
        if (event === "rootport/watchpoints") this.#learn(body.statuses);
      }),
    );
    void this.#publish();
  }

  get specs(): readonly WatchSpec[] {
    return this.#specs;
  }

  /** The access watched per target. */
  get byTarget(): ReadonlyMap<string, WatchAccess> {
    return new Map(this.#specs.map(({ target, access }) => [target, access]));
  }

  /** What the machine said about it; undefined before it was asked. */
  statusOf(spec: WatchSpec): WatchpointStatus | undefined {
    return this.#statuses.get(spec.target);
  }

  async add(spec: WatchSpec): Promise<void> {
    await this.#replace(withSpec(this.#specs, spec));
  }

  async remove(target: string): Promise<void> {
    await this.#replace(this.#specs.filter((spec) => spec.target !== target));
  }

  async clear(): Promise<void> {
    await this.#replace([]);
  }

  async #replace(specs: readonly WatchSpec[]): Promise<void> {
    this.#specs = specs;
    await this.#memory.update(key, specs.map(specText));
    await this.#publish();
    this.#send();
  }

  async #publish(): Promise<void> {
    this.#changed.fire();
    await vscode.commands.executeCommand("setContext", "rootport.hasWatchpoints", this.#specs.length > 0);
  }

  #requests(): readonly WatchpointRequest[] {
    return this.#specs.map((spec) => ({ id: spec.target, spec: specText(spec) }));
  }

  /** A machine that is not on gets the list when it is. */
  #send(): void {
    if (this.#host.status !== "on") return;
    this.#host.setWatchpoints(this.#requests()).then(
      (statuses) => this.#learn(statuses),
      // The process has died, and that is said elsewhere.
      () => undefined,
    );
  }

  #learn(statuses: readonly WatchpointStatus[]): void {
    this.#statuses = new Map([...this.#statuses, ...statuses.map((status) => [status.id, status] as const)]);
    this.#changed.fire();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#changed.dispose();
  }
}
