/** The kernel as its own parts see it: what is there before drivers are. */
import type { Machine } from "../machine/machine";
import type { ConfigSpace } from "./config";
import type { Context } from "./context";
import type { DmaDevice } from "./dma/mapping";
import type { Irq } from "./irq";
import type { KernelLog } from "./log";
import type { Heap } from "./memory/heap";
import type { MemoryAccess } from "./memory/kernel-memory";
import type { PciDev } from "./pci-dev";
import type { Resource } from "./resource";
import type { Sanitizer } from "./sanitizer";
import type { Vmalloc } from "./vmalloc";
import type { Work } from "./work";

export interface BaseServices {
  readonly sanitizer: Sanitizer;
  readonly context: Context;
  readonly work: Work;
  readonly heap: Heap;
  readonly memory: MemoryAccess;
}

export interface KernelBase {
  readonly machine: Machine;
  readonly config: ConfigSpace;
  readonly kernelLog: KernelLog;
  readonly irq: Irq;
  readonly iomem: Resource;
  readonly ioports: Resource;
  readonly vmalloc: Vmalloc;
  readonly services: BaseServices;
  /** In the order of enumeration. */
  readonly devices: readonly PciDev[];
  /** The driver that runs, by name. */
  readonly owner: string;
  /** The driver's hold on a function of the machine, by its name. */
  boundTo(functionName: string): DmaDevice | undefined;
  /** Something that views show is different now. */
  changed(): void;
  /** Lets virtual time pass, with interrupts at the moments they happen. */
  passTime(nanoseconds: number): void;
}
