/** Linux's half of the machine: boots it, loads one driver module, and keeps the state that views show. */
import { physical } from "../core/address";
import { digits } from "../core/hex";
import type { Machine } from "../machine/machine";
import type { LinuxState, LogLine } from "../machine/views";
import { claimAsIs, placeAsIs } from "./as-is";
import { Assignment } from "./assign";
import { ConfigSpace } from "./config";
import { DriverCore } from "./driver-core";
import { Enumeration } from "./enumerate";
import { claimFirmware, programAsFirmware, useShadowedRoms } from "./firmware";
import { resourceLines } from "./iomem";
import { Irq } from "./irq";
import { KernelLog } from "./log";
import { Pages } from "./pages";
import { busName, devicesBelow, PCI_BRIDGE_RESOURCES, type PciBus, type PciDev } from "./pci-dev";
import { bindPort, isPort } from "./pcieport";
import { IORESOURCE, Resource } from "./resource";
import type { RunningKernel } from "./running-kernel";
import { Vmalloc } from "./vmalloc";

/**
 * `scratch`: Linux assigns everything, as after a firmware that assigned nothing. `firmware`: Linux claims what firmware
 * left, and completes it. `as-is`: what the imported Linux had.
 */
export type AssignPolicy = "scratch" | "firmware" | "as-is";

export interface KernelObserver {
  state?(state: LinuxState): void;
  log?(line: LogLine): void;
}

export interface KernelOptions {
  /** For what a driver may ask to be random. */
  readonly seed?: number;
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
  readonly iomem = new Resource("PCI mem", { start: 0, end: ADDRESS_END, flags: IORESOURCE.MEM });
  readonly ioports = new Resource("PCI IO", { start: 0, end: 0xffff, flags: IORESOURCE.IO });
  readonly vmalloc: Vmalloc;
  readonly drivers: DriverCore;
  readonly #pages: Pages;
  /** One for each host bridge. */
  readonly #roots: readonly PciBus[];
  readonly #observers: KernelObserver[] = [];
  #revision = 0;

  constructor(machine: Machine, { seed = 1 }: KernelOptions = {}) {
    this.machine = machine;
    this.seed = seed;
    this.config = new ConfigSpace(machine.root);
    this.kernelLog = new KernelLog(machine.clock);
    this.irq = new Irq(machine.interrupts, this.kernelLog);
    this.#pages = new Pages(machine, FIRST_FREE_PAGE);
    this.vmalloc = new Vmalloc({ machine, pages: this.#pages, iomem: this.iomem, log: this.kernelLog });
    this.#roots = machine.root.buses.map(({ number }) => rootBus(number));
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
    if (assign === "firmware") programAsFirmware(this);
    for (const root of this.#roots) this.#addHostBridge(root);
    if (assign === "scratch") this.#assignAll();
    else if (assign === "firmware") this.#completeFirmware();
    else {
      for (const root of this.#roots) placeAsIs(this, root);
      claimAsIs(this);
    }
    // Its writes are already in what was imported.
    if (assign !== "as-is") for (const dev of this.devices) if (isPort(this, dev)) bindPort(this, dev);
    this.changed();
  }

  get log(): readonly LogLine[] {
    return this.kernelLog.lines;
  }

  /** In the order of enumeration. */
  get devices(): readonly PciDev[] {
    return this.#roots.flatMap((root) => [...devicesBelow(root)]);
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
      mappings: this.vmalloc.mappings,
      interrupts: this.irq.views,
    };
  }

  /** Runs module_init of the driver just evaluated, which probes; negative errno on failure. */
  insertModule(): number {
    return this.drivers.insertModule();
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

  /** An imported machine is shown as it was. */
  #usualPolicy(): AssignPolicy {
    return this.machine.description.functions.some(({ device }) => device === "recorded")
      ? "as-is"
      : "scratch";
  }

  #completeFirmware(): void {
    this.#placeFixed();
    useShadowedRoms(this);
    claimFirmware(this, this.#roots);
    this.#assign();
  }

  /** As if firmware had left nothing. */
  #assignAll(): void {
    this.#placeFixed();
    for (const window of this.devices.flatMap(({ resource }) => resource.slice(PCI_BRIDGE_RESOURCES))) {
      if (window) Object.assign(window, { start: 0, end: -1 });
    }
    this.#assign();
  }

  #placeFixed(): void {
    for (const resource of this.devices.flatMap((dev) => dev.resource)) {
      if (resource?.has(IORESOURCE.PCI_FIXED))
        (resource.has(IORESOURCE.IO) ? this.ioports : this.iomem).insert(resource);
    }
  }

  #assign(): void {
    const minMemory = this.machine.physical.lowRam;
    const assignment = new Assignment({ config: this.config, log: this.kernelLog, minMemory });
    for (const root of this.#roots) assignment.assign(root);
  }

  #functionState(dev: PciDev): LinuxState["functions"][number] {
    const driver = this.drivers.driverOf(dev) ?? (isPort(this, dev) ? "pcieport" : undefined);
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

  /** Its windows, and what is found below it (pci_acpi_scan_root). */
  #addHostBridge(root: PciBus): void {
    const name = busName(0, root.number);
    this.kernelLog.info(`PCI host bridge to bus ${name}`);
    for (const { kind, start, end } of this.machine.root.windows.filter(({ bus }) => bus === root.number)) {
      const io = kind === "io";
      const flags = (io ? IORESOURCE.IO : IORESOURCE.MEM) | IORESOURCE.WINDOW;
      const window = new Resource(`PCI Bus ${name}`, { start, end, flags });
      (io ? this.ioports : this.iomem).insert(window);
      root.resources.push(window);
      const width = io ? 4 : 8;
      const kindText = io ? "io " : "mem";
      this.kernelLog.info(
        `pci_bus ${name}: root bus resource [${kindText} 0x${digits(start, width)}-0x${digits(end, width)} window]`,
      );
    }
    new Enumeration(this.config, this.kernelLog).scan(root);
  }
}

function rootBus(number: number): PciBus {
  return { number, subordinate: 0xff, parent: undefined, self: undefined, devices: [], resources: [] };
}
