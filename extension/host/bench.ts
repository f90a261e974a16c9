/** The bench that the machine stands on: analyser, fault injector, and states put aside. It outlives drivers and power cycles. */
import type { FaultRule } from "../../emulator/machine/fault-text";
import type { Operation } from "../../emulator/machine/operate";
import type { PostingWish } from "../../emulator/machine/posting";
import type { LinuxState } from "../../emulator/machine/views";
import type { Phase } from "./protocol";
import { type OpenMachine, SavedStates, type StateDifference } from "./saved-states";

/** What stands on it. */
interface Subject {
  readonly open: OpenMachine;
  readonly linux: LinuxState;
  readonly phase: Phase;
  operate(operation: Operation): Promise<void>;
}

export class Bench {
  readonly #subject: Subject;
  readonly #states = new SavedStates();
  #faults: readonly FaultRule[] = [];
  #posting: PostingWish | undefined;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  /** Another machine stands here now. */
  clear(): void {
    this.#states.clear();
    this.#faults = [];
    this.#posting = undefined;
  }

  /** What is injected, in the order in which it was asked for. */
  get faults(): readonly FaultRule[] {
    return this.#faults;
  }

  /** Replaces the rules, which count from here on. */
  async inject(rules: readonly FaultRule[]): Promise<void> {
    this.#faults = rules;
    await this.operate({ do: "inject", rules });
  }

  /** How long writes may be on their way. */
  async post(wish: PostingWish): Promise<void> {
    this.#posting = wish;
    await this.operate({ do: "posting", ...wish });
  }

  /** A thread has taken the machine over, which knows no rules yet. */
  async newThread(): Promise<void> {
    if (this.#posting) await this.operate({ do: "posting", ...this.#posting });
    if (this.#faults.length > 0) await this.operate({ do: "inject", rules: this.#faults });
  }

  async operate(operation: Operation): Promise<void> {
    await this.#subject.operate(operation);
  }

  get states(): readonly string[] {
    return this.#states.names;
  }

  save(name: string): void {
    this.#refuseWhileRunning();
    this.#states.save(name, this.#subject.open);
  }

  async restore(name: string): Promise<void> {
    this.#refuseWhileRunning();
    this.#states.restore(name, this.#subject.open);
    await this.operate({ do: "restored" });
  }

  /** Between two states, or from one to the machine as it is. */
  difference(from: string, to?: string): StateDifference {
    const { open, linux } = this.#subject;
    return this.#states.difference(open, { from, linux, ...(to !== undefined && { to }) });
  }

  /** Half of an access would be in one state and half in another. */
  #refuseWhileRunning(): void {
    if (this.#subject.phase === "running") throw new Error("The driver runs: pause it first.");
  }
}
