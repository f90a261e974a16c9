/** Drivers and the devices they are bound to (drivers/base/dd.c, drivers/pci/pci-driver.c). */
import type { PciDeviceId, PciDriver } from "linux/pci";
import { hex } from "../core/hex";
import { BoundDevice } from "./bound-device";
import type { PciDev } from "./pci-dev";
import type { RunningKernel } from "./running-kernel";

const ANY = 0xffffffff;
const ENODEV = 19;
const ENXIO = 6;
const EBUSY = 16;

interface ModuleFunctions {
  init?: () => number;
  exit?: () => void;
}

export class DriverCore {
  readonly #kernel: RunningKernel;
  readonly #drivers: PciDriver[] = [];
  readonly #bound = new Map<PciDev, { readonly driver: PciDriver; readonly device: BoundDevice }>();
  readonly #module: ModuleFunctions = {};

  constructor(kernel: RunningKernel) {
    this.#kernel = kernel;
  }

  set init(init: () => number) {
    this.#module.init = init;
  }

  set exit(exit: () => void) {
    this.#module.exit = exit;
  }

  driverOf(dev: PciDev): string | undefined {
    return this.#bound.get(dev)?.driver.name;
  }

  /** The name of the driver that runs: there is one module. */
  get current(): string {
    return this.#drivers[0]?.name ?? "insmod";
  }

  /** The driver's hold on a function of the machine, by its name. */
  boundTo(functionName: string): BoundDevice | undefined {
    for (const { device } of this.#bound.values()) if (device.functionName === functionName) return device;
    return undefined;
  }

  insertModule(): number {
    const result = this.#module.init?.() ?? 0;
    for (const driver of this.#drivers) this.#tellUnmatched(driver);
    if (!this.#drivers.length && !this.#module.init) this.#tellNone();
    return result;
  }

  /** Linux is silent here, and people wonder: the line is ours, and says so. */
  #tellUnmatched({ name, id_table }: PciDriver): void {
    if (this.#kernel.devices.some((dev) => id_table.some((it) => matches(it, dev)))) return;
    this.#kernel.kernelLog.warn(`rootport: no device of this machine matches the id_table of ${name}`);
  }

  /** So is this: a module may well do without, but hardly on purpose. */
  #tellNone(): void {
    this.#kernel.kernelLog.warn(
      "rootport: the module has registered no driver, so nothing is probed: end it with module_pci_driver({ name, id_table, probe })",
    );
  }

  removeModule(): void {
    this.#module.exit?.();
    for (const driver of [...this.#drivers]) this.unregister(driver);
    this.#reportLeaks();
  }

  register(driver: PciDriver): number {
    if (this.#drivers.some(({ name }) => name === driver.name)) {
      this.#kernel.kernelLog.err(`Error: Driver '${driver.name}' is already registered, aborting...`);
      return -EBUSY;
    }
    this.#drivers.push(driver);
    for (const dev of this.#kernel.devices) this.#attach(driver, dev);
    return 0;
  }

  /** A function that was plugged in is there (device_add). */
  added(dev: PciDev): void {
    for (const driver of this.#drivers) this.#attach(driver, dev);
  }

  /** A function is about to go (device_del). */
  removed(dev: PciDev): void {
    const bound = this.#bound.get(dev);
    if (bound) this.#detach(dev, bound.device, bound.driver);
  }

  unregister(driver: PciDriver): void {
    const index = this.#drivers.indexOf(driver);
    if (index >= 0) this.#drivers.splice(index, 1);
    for (const [dev, bound] of [...this.#bound])
      if (bound.driver === driver) this.#detach(dev, bound.device, driver);
  }

  #attach(driver: PciDriver, dev: PciDev): void {
    const id = driver.id_table.find((it) => matches(it, dev));
    if (!id || this.#bound.has(dev)) return;
    const device = new BoundDevice(this.#kernel, dev, driver.name);
    this.#bound.set(dev, { driver, device });
    const error = driver.probe(device, id);
    if (error < 0) {
      device.releaseManaged();
      this.#bound.delete(dev);
      if (error !== -ENODEV && error !== -ENXIO) {
        this.#kernel.kernelLog.warn(`${driver.name}: probe of ${dev.name} failed with error ${error}`);
      }
    }
    this.#kernel.changed();
  }

  #detach(dev: PciDev, device: BoundDevice, driver: PciDriver): void {
    driver.remove?.(device);
    device.releaseManaged();
    for (const leak of device.leaks()) this.#leak(`${driver.name} ${dev.name}`, leak);
    this.#kernel.services.dma.debug.checkLeaks(device);
    this.#bound.delete(dev);
    this.#kernel.changed();
  }

  #reportLeaks(): void {
    const { vmalloc, irq, services } = this.#kernel;
    for (const { virtual, physical, owner } of vmalloc.mappings)
      this.#leak(
        owner,
        `the mapping of ${physical} at ${virtual} is left after remove: call iounmap() or pci_iounmap()`,
      );
    for (const { irq: number, name } of irq.requested)
      this.#leak(name, `the handler of interrupt ${number} is left after remove: call free_irq()`);
    for (const [at, { bytes }] of services.heap.live)
      this.#leak("kmalloc", `${bytes} bytes at ${hex(at)} are left after the module is gone: call kfree()`);
  }

  /** What a driver took and did not give back; Linux is silent here too. */
  #leak(owner: string, what: string): void {
    const [text = what, explanation = ""] = what.split(": ");
    this.#kernel.services.sanitizer.report("leak", `${owner} ${what}`, {
      level: "error",
      text: `${owner}: ${text}`,
      explanation: `${explanation.charAt(0).toUpperCase()}${explanation.slice(1)} in remove().`,
      log: `rootport: ${owner}: ${what}`,
    });
  }
}

function matches({ vendor, device, subvendor = ANY, subdevice = ANY }: PciDeviceId, dev: PciDev): boolean {
  const same = (wanted: number, actual: number) => wanted === ANY || wanted === actual;
  return (
    same(vendor, dev.vendor) &&
    same(device, dev.device) &&
    same(subvendor, dev.subsystemVendor) &&
    same(subdevice, dev.subsystemDevice)
  );
}
