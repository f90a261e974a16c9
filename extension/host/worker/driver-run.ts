/** The life of a driver: boot, link, module_init and probe, exercise(), user(), and later remove. */
import { access } from "node:fs";
import type { Module } from "node:vm";
import type { MessagePort } from "node:worker_threads";
import { Arena } from "../../../emulator/core/arena";
import { Kernel } from "../../../emulator/linux/kernel";
import { linuxModules } from "../../../emulator/linux/modules";
import { sysfsDevices } from "../../../emulator/linux/sysfs";
import { Machine } from "../../../emulator/machine/machine";
import { type Operation, operate } from "../../../emulator/machine/operate";
import { touch } from "../../../emulator/machine/touch";
import type { LinuxState, WatchHit, WatchpointStatus } from "../../../emulator/machine/views";
import {
  type DriverEvent,
  type DriverHit,
  type FromWorker,
  HITS,
  HOOK,
  type Hook,
  type ToWorker,
  type WorkerData,
} from "../driver-thread-protocol";
import { replaceConsole } from "./console";
import { makeDeterministic } from "./determinism";
import { DriverLines } from "./driver-lines";
import { driverPlace, stackHere } from "./driver-stack";
import { EventStops } from "./event-stops";
import { withAnnouncedInterrupts } from "./interrupts";
import { type DriverExports, Linker } from "./linker";
import { tellMistakes } from "./mistakes";
import { DriverProblem } from "./strip";
import { trap } from "./trap";
import { WatchLists } from "./watch-lists";

type Step = () => unknown;

export class DriverRun {
  readonly #data: WorkerData;
  readonly #port: MessagePort;
  readonly #machine: Machine;
  readonly #kernel: Kernel;
  readonly #linker: Linker;
  readonly #watching: WatchLists;
  readonly #stops: EventStops;
  #module: Module | undefined;
  /** The user-space program, where there is one. */
  #user: Module | undefined;
  #left = false;
  #resting = false;

  constructor(data: WorkerData) {
    this.#data = data;
    this.#port = data.port;
    this.#machine = new Machine(data.machine, Arena.attach(data.arena));
    this.#kernel = new Kernel(this.#machine, { seed: data.seed });
    this.#stops = new EventStops(this.#machine, (event) => this.#stopAt(event));
    const arrives = (irq: number, name: string) => this.#stops.arrives(irq, name);
    this.#linker = new Linker(withAnnouncedInterrupts(linuxModules(this.#kernel), arrives));
    const lines = new DriverLines(this.#isDriver, (number, at) => this.#say({ type: "line", number, at }));
    this.#machine.root.fabric.trace.whence = () => lines.here();
    this.#watching = new WatchLists(this.#machine.watchpoints);
    this.#port.on("message", (message: ToWorker) => this.#obey(message));
  }

  /** Power-on reset to the point where the first line of the driver would run. */
  async link(): Promise<void> {
    this.#kernel.observe({
      state: (state) => this.#changed(state),
      log: (line) => this.#say({ type: "log", line }),
    });
    this.#kernel.boot();
    this.#tellMistakes();
    const own = this.#watch();
    try {
      this.#module = await this.#linker.link(this.#data.program);
      if (this.#data.user !== undefined) this.#user = await this.#linker.link(this.#data.user);
    } catch (error) {
      return this.#refuse(error);
    }
    replaceConsole((level, text) => this.#say({ type: "console", level, text, ...this.#where() }));
    makeDeterministic(this.#data.seed, () => this.#machine.clock.now);
    const { urls: modules, watchpoints: source } = this.#linker;
    this.#say({ type: "linked", modules, own, source });
  }

  #tellMistakes(): void {
    tellMistakes({
      machine: this.#machine,
      kernel: this.#kernel,
      where: () => this.#where(),
      say: (message) => this.#say(message),
      stop: (report) => this.#stops.reports(report),
    });
  }

  /** An exception nobody caught: what a kernel calls an oops. */
  fail(error: unknown): void {
    const at = error instanceof Error ? driverPlace(error.stack, this.#isDriver) : undefined;
    this.#say({ type: "failed", failure: { message: describe(error), ...(at ? { at } : {}) } });
  }

  #obey(message: ToWorker): void {
    this.#resting = false;
    if (message.type === "remove")
      this.#steps([() => this.#kernel.removeModule(), () => this.#say({ type: "removed" })]);
    else if (this.#module) this.#run(this.#module);
  }

  #run(module: Module): void {
    const exports = () => module.namespace as DriverExports;
    this.#steps([
      () => module.evaluate(),
      () => this.#insert(),
      () => exports().exercise?.(),
      () => exports().user?.(),
      () => this.#user?.evaluate(),
      () => (this.#user?.namespace as DriverExports | undefined)?.user?.(),
      () => this.#rest(),
    ]);
  }

  /** Bound, and nothing runs: what happens to the machine from here on, the kernel hears of at once. */
  #rest(): void {
    this.#resting = true;
    this.#say({ type: "idle" });
  }

  #operate(operation: Operation): void {
    operate(this.#machine, operation);
    if (operation.do === "slot" && this.#resting) this.#steps([() => this.#kernel.settle()]);
  }

  /** The driver is torn off: nothing of it begins any more, nothing is said any more. */
  leave(): void {
    this.#left = true;
    this.#port.close();
  }

  /**
   * One after the other, each from the event loop with nothing below it: no catch, so V8 knows that an exception of the
   * driver is uncaught and the debugger stops where it is thrown; and no bookkeeping of Node's, as a timer has, that
   * would be left half done when the driver is torn out of the middle of a step.
   */
  #steps([step, ...rest]: readonly Step[]): void {
    if (!step) return;
    access(this.#data.program, () => {
      if (this.#left) return;
      const result = step();
      if (result instanceof Promise)
        void result.then(
          () => this.#steps(rest),
          (error: unknown) => this.fail(error),
        );
      else this.#steps(rest);
    });
  }

  #insert(): void {
    const result = this.#kernel.insertModule();
    if (result < 0) throw new Error(`module_init() returned ${result}, so the driver is not loaded`);
  }

  #changed(state: LinuxState): void {
    this.#say({ type: "linux", state });
    this.#recheck();
  }

  #recheck(): void {
    this.#watching.recheck((owner, statuses) => this.#say({ type: "watchpoints", owner, statuses }));
  }

  #watch(): readonly WatchpointStatus[] {
    this.#machine.watchpoints.onHit = (hit) => this.#hit(hit);
    const hook: Hook = {
      watch: (owner, wanted) => this.#watching.replace(owner, wanted),
      stopAt: (wishes) => this.#stops.replace(wishes),
      touch: (wish) => touch(this.#machine, wish),
      operate: (operation) => this.#operate(operation),
      sysfs: () => sysfsDevices(this.#kernel).map((device) => ({ ...device, config: [...device.config] })),
    };
    Object.defineProperty(globalThis, HITS, { value: {}, configurable: true });
    Object.defineProperty(globalThis, HOOK, { value: hook, configurable: true });
    return hook.watch("own", this.#data.own);
  }

  #hit(hit: WatchHit): void {
    this.#recheck();
    const { at: by } = this.#where();
    const whole: DriverHit = by ? { ...hit, by, text: byWhom(hit.text, by.function) } : hit;
    if (hit.log || !this.#data.debug) this.#say({ type: "hit", hit: whole });
    else trap(whole);
  }

  #stopAt(event: DriverEvent): void {
    if (this.#data.debug) trap({ ...event, text: byWhom(event.text, this.#where().at?.function ?? "") });
  }

  #where(): { at?: ReturnType<typeof driverPlace> & object } {
    const at = driverPlace(stackHere(), this.#isDriver);
    return at ? { at } : {};
  }

  readonly #isDriver = (url: string): boolean => this.#linker.urls.includes(url);

  #refuse(error: unknown): void {
    if (!(error instanceof DriverProblem)) throw error;
    const { path, line, column, message } = error;
    this.#say({ type: "refused", problem: { path, line, column, message } });
  }

  #say(message: FromWorker): void {
    this.#port.postMessage(message);
  }
}

function byWhom(text: string, name: string): string {
  return name === "" ? text : `${text} by ${name}()`;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `the driver threw ${String(error)}`;
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
}
