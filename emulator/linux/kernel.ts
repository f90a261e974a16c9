/** Linux's half of the machine: boots it, loads one driver module, and keeps the state that views show. */
import { physical } from "../core/address";
import type { AddressView, BootReplay } from "../machine/boot-views";
import type { Machine } from "../machine/machine";
import type { LinuxState, LogLine, SanitizerReport } from "../machine/views";
import { addressesOf } from "./addresses";
import type { Assignment } from "./assign";
import type { BoundDevice } from "./bound-device";
import { ConfigSpace } from "./config";
import { DriverCore } from "./driver-core";
import type { Enumeration } from "./enumerate";
import { resourceLines } from "./iomem";
import { Irq } from "./irq";
import { KernelLog } from "./log";
import { Pages } from "./pages";
import { type AssignPolicy, PciCore } from "./pci-core";
import type { PciDev } from "./pci-dev";
import { parsePciOptions } from "./pci-options";
import { bindPort, isPort, isShownAsPort } from "./pcieport";
import { IORESOURCE, Resource } from "./resource";
import type { RunningKernel } from "./running-kernel";
import { Services } from "./services";
import { Vmalloc } from "./vmalloc";

export type { AssignPolicy } from "./pci-core";

export interface KernelObserver {
  state?(state: LinuxState): void;
  log?(line: LogLine): void;
}

export interface KernelOptions {
  /** For what a driver may ask to be random. */
  readonly seed?: number;
  /** What stands behind `pci=` on the command line; by default what the machine's description says. */
  readonly pci?: string;
  /** Keep each decision about addresses as data. */
  readonly record?: boolean;
}

/** Free RAM begins above the kernel image. */
const FIRST_FREE_PAGE = physical(0x4400000);
const ADDRESS_END = 2 ** 52 - 1;

export class Kernel implements RunningKernel {
  readonly machine: Machine;
  readonly seed: number;
  readonly config: ConfigSpace;
  readonly kernelLog: KernelLog;
  readonly irq: Irq;
  readonly iomem = new Resource("PCI mem", {
    start: 0,
    end: ADDRESS_END,
    flags: IORESOURCE.MEM,
    root: true,
  });
  readonly ioports = new Resource("PCI IO", {
    start: 0,
    end: 0xffff,
    flags: IORESOURCE.IO,
    root: true,
  });
  readonly vmalloc: Vmalloc;
  /** Memory, DMA, time, and who watches that drivers use them well. */
  readonly services: Services;
  readonly drivers: DriverCore;
  readonly #pages: Pages;
  readonly #pci: PciCore;
  readonly #observers: KernelObserver[] = [];
  #revision = 0;

  constructor(machine: Machine, { seed = 1, pci, record = false }: KernelOptions = {}) {
    this.machine = machine;
    this.seed = seed;
    this.config = new ConfigSpace(machine.root);
    this.kernelLog = new KernelLog(machine.clock);
    this.#pages = new Pages(machine, FIRST_FREE_PAGE);
    this.vmalloc = new Vmalloc({ machine, pages: this.#pages, iomem: this.iomem, log: this.kernelLog });
    this.services = new Services(this, this.#pages);
    const { context, sanitizer, work } = this.services;
    const now = () => machine.clock.now;
    this.irq = new Irq({ controller: machine.interrupts, log: this.kernelLog, context, sanitizer, now });
    this.irq.onTimer = () => context.within("a timer's function runs", () => work.runTimers());
    const { config, kernelLog, iomem, ioports } = this;
    const options = parsePciOptions(pci ?? machine.description.pci ?? "");
    const sleep = (milliseconds: number) => this.passTime(milliseconds * 1e6);
    this.#pci = new PciCore({ machine, config, kernelLog, iomem, ioports, options, sleep, record });
    this.drivers = new DriverCore(this);
    this.kernelLog.onLine = (line) => this.#observers.forEach((it) => void it.log?.(line));
    this.irq.onChange = () => this.changed();
    machine.cpu.onInterrupt = () => this.irq.deliver();
    machine.portMap.onInterrupt = () => this.irq.deliver();
  }

  /** Power-on reset, memory, enumeration, and addresses by a policy. */
  boot(assign: AssignPolicy = this.#usualPolicy()): void {
    this.machine.powerOn();
    this.#bootLinux(assign);
  }

  /** The same after the reset button was pressed: memory outlives it. */
  reboot(assign: AssignPolicy = this.#usualPolicy()): void {
    this.machine.reset();
    this.#bootLinux(assign);
  }

  #bootLinux(assign: AssignPolicy): void {
    this.#pages.mapKernel();
    this.#addPlatform();
    this.services.announce();
    this.#pci.boot(assign);
    // Its writes are already in what was imported.
    if (assign !== "as-is") for (const dev of this.devices) if (isPort(this, dev)) bindPort(this, dev);
    this.services.start();
    this.settle();
    this.changed();
  }

  /** Called for each mistake of the driver, before the access goes on. */
  set onReport(told: (report: SanitizerReport) => void) {
    this.services.sanitizer.onReport = told;
  }

  /** The driver's hold on a function of the machine, by its name. */
  boundTo(functionName: string): BoundDevice | undefined {
    return this.drivers.boundTo(functionName);
  }

  /** The driver that runs, by name. */
  get owner(): string {
    return this.drivers.current;
  }

  get log(): readonly LogLine[] {
    return this.kernelLog.lines;
  }

  /** In the order of enumeration. */
  get devices(): readonly PciDev[] {
    return this.#pci.devices;
  }

  get enumeration(): Enumeration {
    return this.#pci.enumeration;
  }

  get assignment(): Assignment {
    return this.#pci.assignment;
  }

  /** Where everything lies. */
  get addresses(): readonly AddressView[] {
    return addressesOf(this.devices, this.#pci.decisions.unplaced);
  }

  /** How the addresses came about; the steps only where they were recorded. */
  get replay(): BootReplay {
    const { steps, unplaced } = this.#pci.decisions;
    return { steps, unplaced };
  }

  observe(observer: KernelObserver): void {
    this.#observers.push(observer);
  }

  /** Something that views show is different now. */
  changed(): void {
    this.#revision++;
    if (!this.#observers.some(({ state }) => state)) return;
    const state = this.state();
    for (const observer of this.#observers) observer.state?.(state);
  }

  state(): LinuxState {
    return {
      revision: this.#revision,
      functions: this.devices.map((dev) => this.#functionState(dev)),
      iomem: resourceLines(this.iomem),
      ioports: resourceLines(this.ioports),
      unplaced: this.#pci.decisions.unplaced,
      mappings: this.vmalloc.mappings,
      interrupts: this.irq.views,
      dma: this.services.dma.views,
    };
  }

  /** Runs module_init of the driver just evaluated, which probes; negative errno on failure. */
  insertModule(): number {
    const result = this.drivers.insertModule();
    this.services.work.runItems();
    return result;
  }

  /** Runs remove for each bound device and module_exit, and logs what the driver did not give back. */
  removeModule(): void {
    this.drivers.removeModule();
  }

  /** Lets virtual time pass, with interrupts at the moments they happen. */
  passTime(nanoseconds: number): void {
    const { clock } = this.machine;
    const until = clock.now + nanoseconds;
    while (clock.now < until) {
      clock.spend(Math.min(until, Math.max(clock.now, clock.next ?? until)) - clock.now || until - clock.now);
      this.irq.deliver();
    }
  }

  /** Nobody runs: interrupts that wait are taken, and work that is due is done. */
  settle(): void {
    this.irq.deliver();
    this.services.work.runItems();
  }

  /** An imported machine is shown as it was. */
  #usualPolicy(): AssignPolicy {
    const { functions, boot = "scratch" } = this.machine.description;
    return functions.some(({ device }) => device === "recorded") ? "as-is" : boot;
  }

  #functionState(dev: PciDev): LinuxState["functions"][number] {
    const driver = this.drivers.driverOf(dev) ?? (isShownAsPort(this, dev) ? "pcieport" : undefined);
    const parent = dev.bus.self?.name;
    return { bdf: dev.name, ...(parent && { parent }), ...(driver && { driver }) };
  }

  #addPlatform(): void {
    const { platform, ports = [] } = this.machine.description;
    for (const { start, end, name } of platform) {
      const busy = name === "Reserved" || name.startsWith("PCI MMCONFIG") ? 0 : IORESOURCE.BUSY;
      const range = { start: Number(start), end: Number(end), flags: IORESOURCE.MEM | busy };
      this.iomem.insert(new Resource(name, range));
    }
    for (const { start, end, name } of ports) {
      const busy = /^[0-9a-f]{4}:/.test(name) ? 0 : IORESOURCE.BUSY;
      this.ioports.insert(
        new Resource(name, { start: Number(start), end: Number(end), flags: IORESOURCE.IO | busy }),
      );
    }
  }
}
