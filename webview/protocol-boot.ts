/** How Linux came to its addresses, decision by decision, in the panel. The shapes are the machine's own. */

export interface BootItem {
  readonly bdf: string;
  readonly index: number;
  /** `BAR 0`, `bridge window` */
  readonly name: string;
  readonly space: "io" | "memory";
  readonly prefetchable: boolean;
  /** It can lie above 4 GiB. */
  readonly wide: boolean;
  readonly size: string;
  readonly align: string;
}

export interface BootGap {
  readonly start: string;
  readonly end: string;
  readonly refused?: string;
}

export interface BootTried {
  /** `PCI Bus 0000:01` */
  readonly window: string;
  readonly start: string;
  readonly end: string;
  /** Why it was not looked into. */
  readonly refused?: string;
  readonly gaps: readonly BootGap[];
}

export interface BootStep {
  readonly kind: "claim" | "size" | "place" | "expand" | "release" | "retry";
  readonly round: number;
  readonly optional: boolean;
  readonly item?: BootItem;
  readonly room?: { readonly must: string; readonly may: string };
  readonly tried?: readonly BootTried[];
  readonly chosen?: { readonly start: string; readonly end: string; readonly window: string };
  readonly failed?: string;
  /** Linux's own words; empty where it says nothing. */
  readonly line: string;
}

export interface UnplacedView extends BootItem {
  readonly largestGap: string;
  readonly reason: string;
}

export interface BootReplay {
  readonly steps: readonly BootStep[];
  readonly unplaced: readonly UnplacedView[];
}
