/** Transactions as values (PCIe Base Specification 2.1, 2.2): what was asked, by whom, and how it ended. */

/** Type of the packet: memory, I/O, configuration of type 0 and 1; reads and writes. A message interrupt is a MWr. */
export const KINDS = ["MRd", "MWr", "IORd", "IOWr", "CfgRd0", "CfgWr0", "CfgRd1", "CfgWr1"] as const;
export type TransactionKind = (typeof KINDS)[number];

/**
 * Completion Status (2.2.9.1): successful, unsupported request, completer abort, configuration request retry. A timeout
 * is no status of a packet: none came.
 */
export const STATUSES = ["SC", "UR", "CA", "CRS", "timeout"] as const;
export type CompletionStatus = (typeof STATUSES)[number];

export interface Transaction {
  readonly number: number;
  /** Virtual nanoseconds. */
  readonly time: number;
  readonly kind: TransactionKind;
  /** Name of the function that asked; the CPU's requests come from the root complex. */
  readonly requester: string;
  /** Tells requests of one requester apart (2.2.6.2). */
  readonly tag: number;
  /** Bus address, port, or for configuration requests bus, device, function and register as ECAM places them. */
  readonly address: bigint;
  readonly bytes: number;
  /** First and last byte enables of the packet (2.2.5). */
  readonly byteEnables: { readonly first: number; readonly last: number };
  /** What was read or written, the low eight bytes. */
  readonly value: bigint;
  /** Posted requests have none. */
  readonly status: CompletionStatus | "posted";
  /** The number of the driver's line that made the access, where lines are noted. */
  readonly whence?: number;
}

/** Byte enables of `bytes` at `address`, first and last word. */
export function byteEnables(
  address: bigint,
  bytes: number,
): { readonly first: number; readonly last: number } {
  const offset = Number(address & 3n);
  const all = ((1 << Math.min(offset + bytes, 32)) - 1) & ~((1 << offset) - 1);
  const words = Math.ceil((offset + bytes) / 4);
  const tail = (offset + bytes) % 4;
  return { first: all & 15, last: words === 1 ? 0 : tail ? (1 << tail) - 1 : 15 };
}

/** Who sees every access that leaves the CPU's own memory; asked when a page enters the TLB, and then for that page. */
export interface AccessObserver {
  /** Whether anybody looks now. */
  readonly on: boolean;
  /** After the access; positional, for it is called for each. `bytes` is negative for a write; values are signed words. */
  saw(physical: number, bytes: number, low: number, high: number): void;
}

/** A transaction that did not end well, as it ends. */
export interface BusError {
  readonly kind:
    | "master-abort"
    | "completer-abort"
    | "timeout"
    | "poisoned"
    | "dma-blocked"
    | "iommu-fault"
    | "refused-width"
    | "interrupt-lost"
    | "aer";
  /** The CPU, or the name of the function that asked; of an error message, the requester id it names. */
  readonly initiator: string;
  readonly address: bigint;
  readonly bytes: number;
  readonly write: boolean;
  /** Of a port; memory where nobody says so. */
  readonly space?: "io";
  /** What happened and why. */
  readonly sentence: string;
}
