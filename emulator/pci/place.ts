/** A function's place in the tree, as the function itself sees it: the bus it is on and what lies above. */
import type { BusAddress } from "../core/address";
import type { Clock } from "../core/clock";
import type { Completion } from "../core/io";
import type { RegisterFile } from "../core/register-file";
import type { Fate } from "./interrupt-log";
import type { LaterErrors } from "./later-errors";
import type { Quirks } from "./quirks";

export type Space = "memory" | "io";

/** What a function needs of the root complex. */
export interface Root {
  /** A register changed that decides who answers where. */
  decodeChanged(): void;
  /** The function's INTx line is, or is no longer, asserted. */
  lineChanged(fn: FunctionSide): void;
  dmaRead(from: FunctionSide, address: BusAddress, target: Uint8Array): Completion;
  dmaWrite(from: FunctionSide, address: BusAddress, source: Uint8Array): Completion;
  readonly fabric: FabricSide;
}

/** A request by its place, size and direction. */
export interface Requested {
  readonly address: bigint;
  readonly bytes: number;
  readonly write: boolean;
  /** Of a port: there, a write too waits for its completion. */
  readonly space?: "io";
}
/** `remapped`: it got as far as the IOMMU. */
export type Blocked = Requested & { readonly why: string; readonly remapped?: boolean };
export interface Refused {
  readonly bar: number;
  readonly at: number;
  readonly bytes: number;
  readonly write: boolean;
}

/** What a function tells of its requests, and of those it does not answer. */
export interface FabricSide {
  readonly clock: Clock;
  /** A request of the function's own did not get out: what holds it back. */
  blocked(from: FunctionSide, request: Blocked): void;
  /** An error message arrived at a root port. */
  reported(at: FunctionSide, message: { readonly severity: 1 | 2 | 4; readonly source: number }): void;
  /** The function refuses an access behind one of its BARs. */
  refused(by: FunctionSide, access: Refused): void;
  /** The function's message interrupt is to be lost. */
  losesInterrupt(from: FunctionSide, vector: number): boolean;
  /** What became of a message interrupt on the function's side. */
  interruptFate(from: FunctionSide, vector: number, fate: Fate): void;
}

export interface BusAbove {
  readonly root: Root;
  readonly bridge: FunctionSide | undefined;
  /** What the bridge above calls this bus, as its registers stand now. */
  readonly number: number;
}

export interface Place {
  readonly bus: BusAbove;
  readonly device: number;
  readonly function: number;
}

/** Cold: power came. Hot: the link or the bus above was reset. Function: FLR, this function alone (PCIe 6.6). */
export type ResetKind = "cold" | "hot" | "function";

/** A function that has a place. */
export interface Plugged {
  readonly config: RegisterFile;
  readonly place: Place | undefined;
  readonly command: { readonly busMaster: boolean; readonly serr: boolean };
  /** 1 is INTA; 0: none. */
  readonly interruptPin: number;
  readonly assertsLine: boolean;
}

/** A write of configuration space, inside one word; bits in their place within it. */
export interface ConfigWrite {
  /** Offset of the word. */
  readonly at: number;
  readonly lanes: number;
  readonly value: number;
  /** The word before. */
  readonly old: number;
}

/** What some registers of a configuration space do. */
export interface ConfigLogic {
  /** After a write took effect. */
  written?(write: ConfigWrite): void;
  /** After the registers went back to their reset values. */
  reset?(kind: ResetKind): void;
}

/** A function, as the logic of its capabilities sees it. */
export interface FunctionSide extends Plugged {
  readonly name: string;
  readonly quirks: Quirks;
  /** It is there, has power and a link. */
  readonly answers: boolean;
  /** D0 to D3hot. */
  readonly powerState: number;
  /** Errors that wait behind the first, where it can record several. */
  readonly laterErrors: LaterErrors | undefined;
  /** Conventional reset from above, or FLR. */
  resetBy(kind: "hot" | "function"): void;
  /** Sends the message of an MSI or MSI-X vector; false where neither is enabled. */
  sendMessage(vector: number): boolean;
  /** MSI or MSI-X is on. */
  readonly messagesEnabled: boolean;
  /** Sets Interrupt Status, and with it the INTx line. */
  setInterruptStatus(pending: boolean): void;
  dmaWrite(address: BusAddress, source: Uint8Array): Completion;
}

/** Whether the write touched any byte of the register. */
export function writtenTo(write: ConfigWrite, register: { at: number; width: number }): boolean {
  const shift = (register.at & 3) * 8;
  const mask = register.width >= 32 ? -1 : ((1 << register.width) - 1) << shift;
  return write.at === (register.at & ~3) && (write.lanes & mask) !== 0;
}
