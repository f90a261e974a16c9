/** How Linux came to its addresses, and how two boots differ: plain JSON, like everything that views show. */
import type { HexText as Hex } from "../core/hex";

/** A resource that Linux places: a BAR, a ROM, or a bridge's window. */
export interface BootItem {
  /** `0000:01:00.0` */
  readonly bdf: string;
  /** 0 to 5: a BAR; 6: the ROM; 7 to 12: BARs of virtual functions; 13, 14, 15: a bridge's I/O, memory, prefetchable window. */
  readonly index: number;
  /** `BAR 0`, `ROM`, `VF BAR 0`, `bridge window` */
  readonly name: string;
  readonly space: "io" | "memory";
  readonly prefetchable: boolean;
  /** It can lie above 4 GiB. */
  readonly wide: boolean;
  readonly size: Hex;
  readonly align: Hex;
}

/** A window that was asked for room. */
export interface BootTried {
  /** `PCI Bus 0000:01` */
  readonly window: string;
  readonly start: Hex;
  readonly end: Hex;
  /** Why it was not looked into. */
  readonly refused?: string;
  /** Its gaps from the bottom, the last one it was put into where it has no `refused`. */
  readonly gaps: readonly { readonly start: Hex; readonly end: Hex; readonly refused?: string }[];
}

/** One decision of Linux while it gives out addresses. */
export interface BootStep {
  readonly kind: "claim" | "size" | "place" | "expand" | "release" | "retry";
  /** The try: more than 1 with `pci=realloc`. */
  readonly round: number;
  /** Room for hot-plug and virtual functions is asked for, too. */
  readonly optional: boolean;
  readonly item?: BootItem;
  /** Of a window that was sized: what it must have, and with optional room. */
  readonly room?: { readonly must: Hex; readonly may: Hex };
  readonly tried?: readonly BootTried[];
  readonly chosen?: { readonly start: Hex; readonly end: Hex; readonly window: string };
  /** Why it has no place, a sentence. */
  readonly failed?: string;
  /** Linux's own words; empty where it says nothing. */
  readonly line: string;
}

/** What has no place in the end. */
export interface UnplacedView extends BootItem {
  /** In the windows of its bus that are of its kind. */
  readonly largestGap: Hex;
  /** A sentence. */
  readonly reason: string;
}

/** How Linux came to its addresses. */
export interface BootReplay {
  readonly steps: readonly BootStep[];
  readonly unplaced: readonly UnplacedView[];
}

/** A resource of a function and where it lies. */
export interface AddressView extends Omit<BootItem, "align"> {
  /** `0000:00/03.0/00.0`: root bus, and device and function on each bus below; bus numbers may change, this does not. */
  readonly path: string;
  /** `8086:10d3` */
  readonly ids: string;
  /** Absent where it has no place. */
  readonly range?: { readonly start: Hex; readonly end: Hex };
  /** Why it has none, a sentence. */
  readonly reason?: string;
}

/** What became of one resource from one boot to another. */
export interface Difference {
  readonly change: "moved" | "resized" | "lost" | "placed" | "gone" | "new" | "replaced";
  /** `0000:01:00.0 BAR 2`, as the second boot calls it where it has it. */
  readonly what: string;
  readonly before?: AddressView;
  readonly after?: AddressView;
  /** A sentence; empty where nothing can be said. */
  readonly why: string;
}

/** Two boots side by side. */
export interface Comparison {
  readonly before: string;
  readonly after: string;
  readonly same: number;
  readonly differences: readonly Difference[];
}
