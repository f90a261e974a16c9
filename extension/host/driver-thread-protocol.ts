/** What the control thread and the driver's thread say to each other: structured clones, in order. */
import type { MessagePort } from "node:worker_threads";
import type { Failure as AccessFailure } from "../../emulator/explain/failures";
import type { SysfsDevice } from "../../emulator/linux/sysfs";
import type { AccessEvent, AccessEventKind } from "../../emulator/machine/access-events";
import type { MachineDescription } from "../../emulator/machine/description";
import type { Operation } from "../../emulator/machine/operate";
import type { Touch } from "../../emulator/machine/touch";
import type {
  Hex,
  LinuxState,
  LogLine,
  SanitizerReport,
  WatchHit,
  WatchpointRequest,
  WatchpointStatus,
} from "../../emulator/machine/views";

export interface DriverOptions {
  /** Path of the driver, as the client spells it. */
  readonly program: string;
  /** Path of a user-space program, which runs when the driver is bound. */
  readonly user?: string | undefined;
  readonly seed: number;
  /** False: nobody can look at a stop, so a watchpoint reports and the driver goes on. */
  readonly debug: boolean;
}

export interface WorkerData extends DriverOptions {
  readonly port: MessagePort;
  readonly arena: SharedArrayBuffer;
  readonly machine: MachineDescription;
  readonly own: readonly WatchpointRequest[];
}

/** A place in the driver. Line and column count from 1. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export interface DriverPlace extends Place {
  /** Empty for the module's own statements. */
  readonly function: string;
}

/** Why a driver was refused before any of it ran: `message` is one sentence with file and line. */
export interface Problem extends Place {
  readonly message: string;
}

export interface Failure {
  /** `PageFault: unable to handle page fault for address 0x2a` */
  readonly message: string;
  readonly at?: DriverPlace;
}

/** A hit and who caused it. */
export interface DriverHit extends WatchHit {
  readonly by?: DriverPlace;
}

export const INTERRUPT = "interrupt";
export const SANITIZER = "sanitizer";
export type EventKind = AccessEventKind | typeof INTERRUPT | typeof SANITIZER;

/** Something in the machine that a person wanted to stop at. */
export interface DriverEvent extends Omit<AccessEvent, "kind"> {
  readonly kind: EventKind;
}

/** `condition`: as a watchpoint's. */
export interface StopWish {
  readonly kind: EventKind;
  readonly condition?: string;
}

/** Who asked for a watchpoint: the client's data breakpoints; the tree, the panel and launch.json; the driver's `// @watch`. */
export type WatchOwner = "native" | "own" | "source";

/** `// @watch edu.STATUS w if $value & 1` */
export interface SourceWatchpoint extends WatchpointRequest, Omit<Place, "column"> {}

export type ToWorker = { readonly type: "run" } | { readonly type: "remove" };

export type FromWorker =
  | {
      readonly type: "linked";
      readonly modules: readonly string[];
      readonly own: readonly WatchpointStatus[];
      /** Written in the driver's files, and not watched yet. */
      readonly source: readonly SourceWatchpoint[];
    }
  | { readonly type: "refused"; readonly problem: Problem }
  | { readonly type: "linux"; readonly state: LinuxState }
  | { readonly type: "log"; readonly line: LogLine }
  /** The bus trace calls this line of the driver by this number. */
  | { readonly type: "line"; readonly number: number; readonly at: DriverPlace }
  | {
      readonly type: "console";
      readonly level: "out" | "error";
      readonly text: string;
      readonly at?: DriverPlace;
    }
  | { readonly type: "hit"; readonly hit: DriverHit }
  | {
      readonly type: "watchpoints";
      readonly owner: WatchOwner;
      readonly statuses: readonly WatchpointStatus[];
    }
  /** An access of the driver's or of its device's failed; the driver goes on. */
  | { readonly type: "failure"; readonly failure: AccessFailure; readonly at?: DriverPlace }
  | { readonly type: "report"; readonly report: SanitizerReport; readonly at?: DriverPlace }
  | { readonly type: "idle" }
  | { readonly type: "failed"; readonly failure: Failure }
  | { readonly type: "removed" };

/** To the main thread, where it runs the drivers (main-model.ts): one after the other. */
export type ToSeat = { readonly type: "load"; readonly data: WorkerData } | { readonly type: "end" };
export interface FromSeat {
  readonly type: "ended";
}

/** The worker's global that the control thread calls by `Runtime.evaluate`: it answers while the driver is paused or spins. */
export const HOOK = "rootport:hook";

export interface Hook {
  watch(owner: WatchOwner, wanted: readonly WatchpointRequest[]): readonly WatchpointStatus[];
  stopAt(wishes: readonly StopWish[]): void;
  touch(touch: Touch): Hex;
  operate(operation: Operation): void;
  sysfs(): readonly SentDevice[];
}

/** A device as JSON can carry it. */
export interface SentDevice extends Omit<SysfsDevice, "config"> {
  readonly config: readonly number[];
}
/** The global that counts the hits of breakpoints with a hit count, by the client's id. */
export const HITS = "rootport:hits";
