import * as vscode from "vscode";
import type { WatchpointRequest, WatchpointStatus } from "../emulator/machine/views";
import type { MachineHost } from "./machine-host";
import { groupOf, parseSpec, specText, type WatchAccess, type WatchSpec, withSpec } from "./watchpoint-spec";

const key = "rootport.watchpoints";
const offKey = "rootport.watchpoints.off";

/** Our own watchpoints: they outlive sessions, power cycles and restarts, and no debugger's list touches them. */
export class OwnWatchpoints implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #host: MachineHost;
  readonly #memory: vscode.Memento;
  readonly #subscriptions: vscode.Disposable;
  #specs: readonly WatchSpec[];
  /** Targets of those that are kept and not watched. */
  #off: ReadonlySet<string>;
  #statuses: ReadonlyMap<string, WatchpointStatus> = new Map();

  constructor(host: MachineHost, memory: vscode.Memento) {
    this.#host = host;
    this.#memory = memory;
    this.#specs = memory.get<readonly string[]>(key, []).flatMap((text) => parseSpec(text) ?? []);
    this.#off = new Set(memory.get<readonly string[]>(offKey, []));
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
    return new Map(this.#watched.map(({ target, access }) => [target, access]));
  }

  /** What the machine said about it; undefined before it was asked. */
  statusOf(spec: WatchSpec): WatchpointStatus | undefined {
    return this.#statuses.get(spec.target);
  }

  /** Those that a row of the tree stands for: `watch edu.STATUS`, `group polling`. */
  below(row: string): readonly WatchSpec[] {
    return this.#specs.filter((spec) => row === `watch ${spec.target}` || row === `group ${groupOf(spec)}`);
  }

  isOn({ target }: WatchSpec): boolean {
    return !this.#off.has(target);
  }

  /** Switches some of them on or off; those that are off are kept. */
  async switch(specs: readonly WatchSpec[], on: boolean): Promise<void> {
    const targets = specs.map(({ target }) => target);
    this.#off = on
      ? new Set([...this.#off].filter((target) => !targets.includes(target)))
      : new Set([...this.#off, ...targets]);
    await this.#replace(this.#specs);
  }

  async add(spec: WatchSpec): Promise<void> {
    this.#off = new Set([...this.#off].filter((target) => target !== spec.target));
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
    await this.#memory.update(offKey, [...this.#off]);
    await this.#publish();
    this.#send();
  }

  async #publish(): Promise<void> {
    this.#changed.fire();
    await vscode.commands.executeCommand("setContext", "rootport.hasWatchpoints", this.#specs.length > 0);
  }

  get #watched(): readonly WatchSpec[] {
    return this.#specs.filter((spec) => this.isOn(spec));
  }

  #requests(): readonly WatchpointRequest[] {
    return this.#watched.map((spec) => ({ id: spec.target, spec: specText(spec) }));
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
