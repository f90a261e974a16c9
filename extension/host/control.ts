/** One machine: opened, looked at, driven. Everything a view asks is answered here, whatever the driver does. */
import { Kernel } from "../../emulator/linux/kernel";
import { type SysfsDevice, sysfsDevices } from "../../emulator/linux/sysfs";
import type { Inspection } from "../../emulator/machine/inspect";
import type { Machine } from "../../emulator/machine/machine";
import { type Operation, operate } from "../../emulator/machine/operate";
import { lookAt, type Touch, touch } from "../../emulator/machine/touch";
import type { Hex, LinuxState, LogLine, WatchHit, WatchpointRequest } from "../../emulator/machine/views";
import type { Explanation, Translation } from "../../emulator/machine/way-views";
import { Bench } from "./bench";
import { DriverThread } from "./driver-thread";
import type { DriverOptions, DriverPlace, FromWorker, StopWish } from "./driver-thread-protocol";
import { loadNames } from "./names";
import { NOTHING } from "./nothing-yet";
import { fingerprint, type Open, openedMachine } from "./opened-machine";
import type { ProcessModel } from "./process-model";
import type { ExplainWish, MachineState, Phase } from "./protocol";
import { checked, WatchWishes } from "./watch-wishes";

const DEFAULT_MACHINE = "demo";

export class Control {
  readonly names = loadNames();
  readonly bench = new Bench(this);
  /** The driver's lines by the numbers that the bus trace gives them. */
  readonly driverLines = new Map<number, DriverPlace>();
  readonly watchpoints = new WatchWishes({
    driver: () => this.#driver,
    check: (owner, wanted) => checked(this.machine.watchpoints, { owner, wanted }),
  });
  onLoggedHit: (hit: WatchHit) => void = () => undefined;
  onPhase: () => void = () => undefined;
  /** A person has changed the machine beside the driver. */
  onTouched: () => void = () => undefined;
  readonly #model: ProcessModel;
  #open: Open | undefined;
  #kernel: Kernel | undefined;
  #phase: Phase = "off";
  #linux = NOTHING;
  #log: LogLine[] = [];
  #driver: DriverThread | undefined;
  #failure: Explanation | undefined;
  #revision = 0;
  #seen = "";

  constructor(model: ProcessModel) {
    this.#model = model;
  }

  get phase(): Phase {
    return this.#phase;
  }

  set phase(phase: Phase) {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.onPhase();
  }

  /** Throws MachineProblem. A machine that is open already, and whose driver runs, stays as it is. */
  openMachine(wanted: string): MachineState {
    if (this.#open?.wanted === wanted && this.#driver) return this.#stateOf(this.#open);
    this.#refuseWhileDriven();
    this.#open = openedMachine(wanted, { names: this.names, before: this.#open });
    this.bench.clear();
    return this.powerCycle();
  }

  powerCycle(): MachineState {
    return this.#start((kernel) => kernel.boot());
  }

  /** The reset button: what memory holds stays. */
  reset(): MachineState {
    return this.#start((kernel) => kernel.reboot());
  }

  #start(boot: (kernel: Kernel) => void): MachineState {
    this.#refuseWhileDriven();
    const open = this.open;
    const kernel = new Kernel(open.machine);
    boot(kernel);
    this.#kernel = kernel;
    this.#hears(kernel);
    this.phase = "ready";
    return this.#stateOf(open);
  }

  /** Linux without a driver: takes what interrupts. */
  #hears(kernel: Kernel): void {
    kernel.settle();
    this.#linux = kernel.state();
    this.#log = [...kernel.log];
  }

  get state(): MachineState | null {
    return this.#open ? this.#stateOf(this.#open) : null;
  }

  get log(): readonly LogLine[] {
    return this.#log;
  }

  /** The default one is opened if none is. */
  get open(): Open {
    if (!this.#open) this.openMachine(DEFAULT_MACHINE);
    return this.#open as Open;
  }

  get machine(): Machine {
    return this.open.machine;
  }

  get inspection(): Inspection {
    return this.open.inspection;
  }

  get linux(): LinuxState {
    return this.#linux;
  }

  translate(address: string): Translation {
    return this.inspection.translate(address);
  }

  /** Without an address: the driver's last failed access, or its device's; null while there is none. */
  explain({ address, write = false }: ExplainWish): Explanation | null {
    if (address === undefined) return this.#failure ?? null;
    return this.inspection.explain(address, { write, linux: this.#linux });
  }

  /** Counts up when anything that a view shows is different from the last time. */
  get revision(): number {
    const now = this.#open
      ? fingerprint(this.#open, [this.#linux.revision, this.#phase, this.#log.length])
      : "";
    if (now !== this.#seen) this.#revision += 1;
    this.#seen = now;
    return this.#revision;
  }

  /** The machine's events that stop the driver; without one, nothing. */
  async stopAt(wishes: readonly StopWish[]): Promise<void> {
    await this.#driver?.stopAt(wishes);
  }

  /** A person's own access, in every phase: by the thread that holds the machine. Rejects with a sentence. */
  async touch(wish: Touch): Promise<Hex> {
    const { machine } = this.open;
    if (!this.#driver || wish.verb === "peek") return touch(machine, wish);
    const done = await this.#driver.touch(wish);
    if (done === undefined) throw new Error("The driver's thread starts: try again.");
    this.onTouched();
    return done;
  }

  /** What sysfs says now: by the kernel that has the driver, or the one that booted. */
  async sysfs(): Promise<readonly SysfsDevice[]> {
    if (!this.#open) this.openMachine(DEFAULT_MACHINE);
    return (await this.#driver?.sysfs()) ?? sysfsDevices(this.#kernel as Kernel);
  }

  /** At the bench: by the thread that holds the machine. */
  async operate(operation: Operation): Promise<void> {
    if (this.#driver) await this.#driver.operate(operation);
    else {
      operate(this.machine, operation);
      if (this.#kernel) this.#hears(this.#kernel);
    }
  }

  /** Looks at `count` bytes, up to the first that nothing answers. */
  peek(at: string, offset: number, count: number): Uint8Array {
    return lookAt(this.open.machine, at, { offset, count });
  }

  /** Power cycle with a driver: the returned thread has yet to `begin`. `own`: watchpoints of this session only. */
  async startDriver(
    options: DriverOptions & { readonly own: readonly WatchpointRequest[] },
    onMessage: (message: FromWorker) => void,
  ): Promise<DriverThread> {
    this.#refuseWhileDriven();
    const { description, machine } = this.open;
    this.#log = [];
    this.#failure = undefined;
    this.driverLines.clear();
    this.watchpoints.begin(options.own);
    const { own } = this.watchpoints;
    const driver = await DriverThread.start(this.#model, {
      ...options,
      arena: machine.arena.buffer,
      machine: description,
      own: [...own, ...options.own],
    });
    this.#driver = driver;
    this.phase = "ready";
    let linked = false;
    driver.onMessage = (message) => {
      this.#take(message);
      linked ||= message.type === "linked";
      // Set anew while the driver's thread booted, which could not hear it.
      if (message.type === "linked" && this.watchpoints.own !== own)
        void this.watchpoints.setOwn(this.watchpoints.own);
      if (message.type === "linked") void this.bench.newThread();
      onMessage(message);
    };
    void driver.exited.then(() => this.#ended(driver, linked));
    return driver;
  }

  #stateOf({ description, machine, inspection }: Open): MachineState {
    const revision = this.revision;
    return {
      name: description.name,
      title: description.title,
      revision,
      phase: this.#phase,
      time: machine.clock.now,
      functions: inspection.functions(this.#linux),
      linux: this.#linux,
    };
  }

  #take(message: FromWorker): void {
    if (message.type === "linux") this.#linux = message.state;
    else if (message.type === "log") this.#log.push(message.line);
    else if (message.type === "idle") this.phase = "idle";
    else if (message.type === "hit") this.onLoggedHit(message.hit);
    else if (message.type === "line") this.driverLines.set(message.number, message.at);
    else if (message.type === "failure") this.#failure = message.failure.explanation;
  }

  /** One that was never linked has left no trace: the machine is as it was. */
  #ended(driver: DriverThread, linked: boolean): void {
    if (this.#driver !== driver) return;
    this.#driver = undefined;
    this.watchpoints.begin([]);
    this.phase = linked ? "ended" : "ready";
  }

  #refuseWhileDriven(): void {
    if (this.#driver) throw new Error("A driver runs on this machine: stop it first.");
  }
}
