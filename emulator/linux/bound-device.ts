/**
 * A device in the hands of a driver: `struct pci_dev` as the driver sees it, and what the driver holds, so that it can
 * be given back or reported.
 */
import type { Device } from "linux/device";
import type { PciDev as DriverView } from "linux/pci";
import type { IoMem } from "linux/types";
import type { VirtualAddress } from "../core/address";
import type { PciDev } from "./pci-dev";
import type { RunningKernel } from "./running-kernel";

export class BoundDevice implements DriverView {
  readonly kernel: RunningKernel;
  readonly pci: PciDev;
  readonly driver: string;
  readonly dev: Device;
  drvdata: unknown;
  /** Which addresses the device reaches: 32 bits unless the driver says more, or less. */
  dmaMask = 0xffff_ffffn;
  coherentMask = 0xffff_ffffn;
  enabled = 0;
  /** BARs claimed, by index: who claimed them. */
  readonly regions = new Map<number, string>();
  /** Interrupt numbers of the vectors that are ready. */
  vectors: number[] = [];
  /** Where Linux has mapped its MSI-X table. */
  msixTable: VirtualAddress | undefined;
  /** Mappings of `pcim_iomap_regions`, by BAR. */
  iomapTable: readonly (IoMem | null)[] = [];
  readonly #managed: (() => void)[] = [];

  constructor(kernel: RunningKernel, pci: PciDev, driver: string) {
    this.kernel = kernel;
    this.pci = pci;
    this.driver = driver;
    this.dev = this as unknown as Device;
  }

  /** The machine's own name for it. */
  get functionName(): string {
    return this.kernel.machine.root.functionAt(this.pci.bdf)?.name ?? "";
  }

  get vendor(): number {
    return this.pci.vendor;
  }
  get device(): number {
    return this.pci.device;
  }
  get subsystem_vendor(): number {
    return this.pci.subsystemVendor;
  }
  get subsystem_device(): number {
    return this.pci.subsystemDevice;
  }
  get class(): number {
    return this.pci.class;
  }
  get revision(): number {
    return this.pci.revision;
  }
  get irq(): number {
    return this.pci.irq;
  }

  /** Undone by itself when the driver leaves, the last first (devres). */
  manage(undo: () => void): void {
    this.#managed.unshift(undo);
  }

  releaseManaged(): void {
    for (const undo of this.#managed.splice(0)) undo();
  }

  /** What the driver did not give back, a sentence each. */
  leaks(): readonly string[] {
    const regions = [...this.regions.keys()].map(
      (bar) => `BAR ${bar} is still claimed after remove: call pci_release_regions()`,
    );
    return this.vectors.length
      ? [...regions, "interrupt vectors are left after remove: call pci_free_irq_vectors()"]
      : regions;
  }
}
