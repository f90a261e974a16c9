import * as vscode from "vscode";
import type { RequestType } from "vscode-jsonrpc";
import type { Touch } from "../emulator/machine/touch";
import type { TraceQuery, TraceWindow } from "../emulator/machine/trace-views";
import type { Hex, LogLine, WatchHit, WatchpointRequest, WatchpointStatus } from "../emulator/machine/views";
import type { Translation } from "../emulator/machine/way-views";
import type { Death } from "./host/death";
import { type MachineProcess, startMachine } from "./host/machine-connection";
import * as wire from "./host/protocol";
import type { MachineChoice } from "./machine-choice";
import { sentenceOf } from "./plain-text";
import { type Problem, problemOf } from "./problems";

/** `off`: never started. `lost`: its process ended. `refused`: the machine could not be opened. */
export type MachineStatus = "off" | "starting" | "on" | "lost" | "refused";

/**
 * The machine as the extension knows it: started when somebody looks, the newest state at hand, and one event for
 * everything that changed. The process behind it can die at any time; then requests fail with a sentence and
 * `start` begins anew.
 */
export class MachineHost implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #lost = new vscode.EventEmitter<Death>();
  readonly #opened = new vscode.EventEmitter<void>();
  readonly #refused = new vscode.EventEmitter<Problem>();
  readonly #hit = new vscode.EventEmitter<WatchHit>();
  /** Status or state differ from before. */
  readonly onDidChange = this.#changed.event;
  /** The process has ended: why. */
  readonly onDidLose = this.#lost.event;
  /** A machine has been powered on in a fresh process. */
  readonly onDidOpen = this.#opened.event;
  /** A machine file cannot be opened, and the place in it is known. */
  readonly onDidRefuse = this.#refused.event;
  /** Accesses that a logging watchpoint saw. */
  readonly onWatchHit = this.#hit.event;
  readonly #modulePath: string;
  readonly #choice: MachineChoice;
  #link: MachineProcess | undefined;
  #opening: { readonly machine: string; readonly done: Promise<void> } | undefined;
  #refreshing: Promise<void> | undefined;
  #stale = false;
  #visible = false;
  #status: MachineStatus = "off";
  #refusal = "";
  #state: wire.MachineState | undefined;

  /** `modulePath`: the bundle of the machine's process. */
  constructor(modulePath: string, choice: MachineChoice) {
    this.#modulePath = modulePath;
    this.#choice = choice;
  }

  get status(): MachineStatus {
    return this.#status;
  }

  /** Why the last machine could not be opened, in a sentence. */
  get refusal(): string {
    return this.#refusal;
  }

  get state(): wire.MachineState | undefined {
    return this.#state;
  }

  /** Which machine is on, or would be: a built-in name or a path. */
  get wanted(): string {
    return this.#choice.wanted;
  }

  /** Powers the chosen machine on, if none is. Rejects with one sentence. */
  async start(): Promise<void> {
    if (this.#status !== "on") await this.open();
  }

  /** Powers `machine` on in the place of the one that is, which stays when that fails. Rejects with one sentence. */
  async open(machine = this.#choice.wanted): Promise<void> {
    if (this.#opening?.machine !== machine) {
      const earlier = this.#opening?.done.catch(() => undefined);
      const opening = { machine, done: Promise.resolve(earlier).then(() => this.#open(machine)) };
      this.#opening = opening;
      void opening.done.catch(() => undefined).then(() => this.#forget(opening));
    }
    await this.#opening.done;
  }

  #forget(opening: object): void {
    if (this.#opening === opening) this.#opening = undefined;
  }

  async #open(machine: string): Promise<void> {
    const before = this.#status;
    this.#become("starting");
    try {
      this.#state = await this.connect().connection.sendRequest(wire.openMachine, { machine });
      this.#become("on");
      this.#opened.fire();
    } catch (error) {
      if (this.#link) this.#become(before === "on" ? "on" : "refused");
      this.#refusal = sentenceOf(error);
      const problem = problemOf(error);
      if (problem) this.#refused.fire(problem);
      throw error;
    }
  }

  /** The process, forked if there is none; no machine is opened by it. */
  connect(): MachineProcess {
    this.#link ??= this.#fork();
    return this.#link;
  }

  #fork(): MachineProcess {
    const main = vscode.workspace.getConfiguration("rootport").get("processModel") === "main";
    const link = startMachine(
      this.#modulePath,
      (death) => this.#end(link, death),
      main ? { model: "main" } : {},
    );
    link.connection.onNotification(wire.changed, () => this.refresh());
    link.connection.onNotification(wire.watchHit, (hit) => this.#hit.fire(hit));
    if (this.#visible) void link.connection.sendNotification(wire.visible, { visible: true });
    return link;
  }

  #end(link: MachineProcess, death: Death): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    this.#state = undefined;
    this.#become("lost");
    this.#lost.fire(death);
  }

  #become(status: MachineStatus): void {
    this.#status = status;
    this.#changed.fire();
  }

  /** Fetches the state again; calls during a fetch make one more, not many. */
  refresh(): void {
    this.#stale = true;
    this.#refreshing ??= this.#fetch().finally(() => {
      this.#refreshing = undefined;
    });
  }

  async #fetch(): Promise<void> {
    while (this.#stale && this.#link) {
      this.#stale = false;
      // A process that dies meanwhile says so itself.
      this.#take(await this.#link.connection.sendRequest(wire.readState).catch(() => null));
    }
  }

  #take(state: wire.MachineState | null): void {
    if (state === null || !this.#link) return;
    this.#state = state;
    const fresh = this.#status !== "on" && this.#status !== "starting";
    this.#become(this.#status === "starting" ? "starting" : "on");
    if (fresh) this.#opened.fire();
  }

  /** While somebody looks, the process says when something changed. */
  setVisible(visible: boolean): void {
    if (this.#visible === visible) return;
    this.#visible = visible;
    void this.#link?.connection.sendNotification(wire.visible, { visible });
    if (visible) this.refresh();
  }

  async powerCycle(): Promise<void> {
    await this.start();
    this.#take(await this.connect().connection.sendRequest(wire.powerCycle));
  }

  /** The reset button: memory and virtual time stay. */
  async reset(): Promise<void> {
    await this.start();
    this.#take(await this.connect().connection.sendRequest(wire.resetMachine));
  }

  async translate(address: string): Promise<Translation> {
    return this.ask(wire.translate, { address });
  }

  /** A person's own access: `write` and `read` over the bus, `peek` and `poke` past it. Rejects with a sentence. */
  async touch(wish: Touch): Promise<Hex> {
    const held = await this.ask(wire.touch, wish);
    this.refresh();
    return held;
  }

  async trace(query: TraceQuery): Promise<TraceWindow> {
    return this.ask(wire.readTrace, query);
  }

  /** Starts and stops the record of the buses, or empties it. */
  async setTracing(to: "on" | "off" | "clear"): Promise<void> {
    await this.ask(wire.setTracing, { to });
    this.refresh();
  }

  /** A line of the terminal: what it prints. Rejects with a sentence. */
  async runShell(line: string): Promise<string> {
    const text = await this.ask(wire.runShell, { line });
    this.refresh();
    return text;
  }

  /** `line`: what stands left of the cursor. */
  async completeShell(line: string): Promise<wire.ShellCompletion> {
    return this.ask(wire.completeShell, { line });
  }

  async log(): Promise<readonly LogLine[]> {
    await this.start();
    return this.connect().connection.sendRequest(wire.readLog);
  }

  async setWatchpoints(watchpoints: readonly WatchpointRequest[]): Promise<readonly WatchpointStatus[]> {
    return this.ask(wire.setWatchpoints, { watchpoints });
  }

  /** Anything else that the machine's process answers. */
  async ask<P, R>(type: RequestType<P, R, void>, parameters: P): Promise<R> {
    await this.start();
    return this.connect().connection.sendRequest(type, parameters);
  }

  /** Ends the process and whatever runs in it: the one thing that a looping driver cannot refuse. */
  kill(): void {
    this.#link?.child.kill("SIGKILL");
  }

  dispose(): void {
    const link = this.#link;
    this.#link = undefined;
    link?.child.kill("SIGKILL");
    for (const emitter of [this.#changed, this.#lost, this.#opened, this.#refused, this.#hit])
      emitter.dispose();
  }
}
