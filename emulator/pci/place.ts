/** A function's place in the tree, as the function itself sees it: the bus it is on and what lies above. */
import type { BusAddress } from "../core/address";
import type { Completion } from "../core/io";
import type { RegisterFile } from "../core/register-file";

/** What a function needs of the root complex. */
export interface Root {
  /** A register changed that decides who answers where. */
  decodeChanged(): void;
  /** The function's INTx line is, or is no longer, asserted. */
  lineChanged(fn: Plugged): void;
  dmaRead(address: BusAddress, target: Uint8Array): Completion;
  dmaWrite(address: BusAddress, source: Uint8Array): Completion;
}

export interface BusAbove {
  readonly root: Root;
  readonly bridge: Plugged | undefined;
}

export interface Place {
  readonly bus: BusAbove;
  readonly device: number;
  readonly function: number;
}

/** A function that has a place. */
export interface Plugged {
  readonly config: RegisterFile;
  readonly place: Place | undefined;
  readonly command: { readonly busMaster: boolean };
  /** 1 is INTA; 0: none. */
  readonly interruptPin: number;
  readonly assertsLine: boolean;
}
