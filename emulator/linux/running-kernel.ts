/** The kernel as the driver's modules see it. */
import type { Assignment } from "./assign";
import type { Enumeration } from "./enumerate";
import type { KernelBase } from "./kernel-base";
import type { PciDev } from "./pci-dev";
import type { Services } from "./services";

/** Drivers hear of functions that come and go. */
interface Plugging {
  added(dev: PciDev): void;
  removed(dev: PciDev): void;
}

export interface RunningKernel extends KernelBase {
  readonly services: Services;
  readonly enumeration: Enumeration;
  readonly assignment: Assignment;
  readonly drivers: Plugging;
}
