/** Accesses that do not take the CPU's memory path: told before they take effect, to whoever watches. */
import type { PhysicalAddress } from "./address";

export interface PortAccess {
  readonly port: number;
  readonly bytes: number;
  /** What a peek gives. Unsigned. */
  readonly old: number;
  /** Absent for a read. Unsigned. */
  readonly value?: number;
}

export interface ConfigAccess {
  /** The function's name in the machine, as in `edu.config.COMMAND`. */
  readonly function: string;
  /** Bytes from the start of its configuration space. */
  readonly at: number;
  readonly bytes: number;
  /** Absent for a read. Unsigned. */
  readonly value?: number;
}

/** A request of a function's own to RAM. */
export interface DmaAccess {
  /** The function's name in the machine. */
  readonly function: string;
  readonly address: PhysicalAddress;
  readonly bytes: number;
  /** What is about to be written; absent for a read. */
  readonly data?: Uint8Array;
}

export interface BusWatch {
  port(access: PortAccess): void;
  config(access: ConfigAccess): void;
  dma(access: DmaAccess): void;
}
