/** The CPU's physical address space, as the MMU needs it: what answers at an address, and how far. */
import type { PhysicalAddress } from "./address";
import type { Io } from "./io";
import type { Memory } from "./memory";

export type Decoded = (
  | { readonly kind: "memory"; readonly memory: Memory }
  | { readonly kind: "io"; readonly io: Io }
) & {
  /** The same thing answers from here … */
  readonly start: PhysicalAddress;
  /** … up to here, this one not included. */
  readonly end: number;
  /** Offset inside the memory or the io at `start`. */
  readonly at: number;
  /** What answers a mapping of memory type WC instead, where its stores are gathered. */
  readonly combining?: Io;
  /** Over the bus: memory behind a BAR is, registers are unless it says false. */
  readonly bus?: boolean;
};

export interface PhysicalSpace {
  decode(address: PhysicalAddress): Decoded;
}

/** What the CPU tells of an access before it takes effect. */
export interface CpuAccess {
  readonly physical: PhysicalAddress;
  readonly bytes: 1 | 2 | 4 | 8;
  /** Absent for a read. Unsigned. */
  readonly value?: number | bigint;
}

/** Who wants to know of accesses. Asked when a page enters the TLB, and then for that page only. */
export interface AccessWatch {
  covers(page: PhysicalAddress): boolean;
  check(access: CpuAccess): void;
}
