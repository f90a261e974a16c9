/** A machine's parts, for those who look at it: names, peeks, translations, watchpoints. */
import type { Arena } from "../core/arena";
import type { Clock } from "../core/clock";
import type { Iommu } from "../iommu/iommu";
import type { Cpu } from "../mmu/cpu";
import type { Mtrr } from "../mmu/mtrr";
import type { PageTable } from "../mmu/page-table";
import type { Device } from "../pci/device";
import type { RootComplex } from "../pci/root-complex";
import type { MachineDescription } from "./description";
import type { PhysicalMap } from "./physical-map";

export interface Hardware {
  readonly description: MachineDescription;
  readonly arena: Arena;
  readonly clock: Clock;
  readonly root: RootComplex;
  readonly physical: PhysicalMap;
  readonly pageTable: PageTable;
  readonly cpu: Cpu;
  readonly devices: readonly Device[];
  readonly mtrr: Mtrr;
  /** The DMA remapping unit, where the board has one. */
  readonly iommu: Iommu | undefined;
}
