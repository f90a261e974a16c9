/** The door through which a function's own requests reach RAM where there is an IOMMU. */
import type { PhysicalAddress } from "../core/address";
import type { FunctionSide, Requested } from "./place";

export interface DmaRemapping {
  /** Translation is switched on; otherwise a bus address is the physical one. */
  readonly enabled: boolean;
  /** Where a request inside one page goes; a sentence where it is blocked, and then the fault is recorded. */
  remap(from: FunctionSide, request: Requested): PhysicalAddress | string;
  /** Blocks a request that a tester wants blocked, and records the fault. */
  refuse(from: FunctionSide, request: Requested): string;
}
