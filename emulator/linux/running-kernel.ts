/** The kernel as its parts and the driver's modules see it. */
import type { Machine } from "../machine/machine";
import type { Assignment } from "./assign";
import type { BoundDevice } from "./bound-device";
import type { ConfigSpace } from "./config";
import type { Enumeration } from "./enumerate";
import type { Irq } from "./irq";
import type { KernelLog } from "./log";
import type { PciDev } from "./pci-dev";
import type { Resource } from "./resource";
import type { Services } from "./services";
import type { Vmalloc } from "./vmalloc";

/** Drivers hear of functions that come and go. */
interface Plugging {
  added(dev: PciDev): void;
  removed(dev: PciDev): void;
}

export interface RunningKernel {
  readonly machine: Machine;
  readonly config: ConfigSpace;
  readonly kernelLog: KernelLog;
  readonly irq: Irq;
  readonly iomem: Resource;
  readonly ioports: Resource;
  readonly vmalloc: Vmalloc;
  readonly services: Services;
  readonly enumeration: Enumeration;
  readonly assignment: Assignment;
  readonly drivers: Plugging;
  /** In the order of enumeration. */
  readonly devices: readonly PciDev[];
  /** The driver that runs, by name. */
  readonly owner: string;
  /** The driver's hold on a function of the machine, by its name. */
  boundTo(functionName: string): BoundDevice | undefined;
  /** Something that views show is different now. */
  changed(): void;
  /** Lets virtual time pass, with interrupts at the moments they happen. */
  passTime(nanoseconds: number): void;
}
