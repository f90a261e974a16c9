/** The conversation between VS Code's side and the machine's process: JSON-RPC over the fork's IPC channel. */
import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc";
import type { BootReplay, Comparison } from "../../emulator/machine/boot-views";
import type { Touch } from "../../emulator/machine/touch";
import type { TraceQuery, TraceWindow } from "../../emulator/machine/trace-views";
import type {
  FunctionView,
  Hex,
  LinuxState,
  LogLine,
  WatchHit,
  WatchpointRequest,
  WatchpointStatus,
} from "../../emulator/machine/views";
import type { Explanation, Translation } from "../../emulator/machine/way-views";

/**
 * `off`: no machine is open. `ready`: booted, no driver. `running`: driver code runs.
 * `paused`: the debugger holds it. `idle`: the driver is bound and waits. `ended`: the driver was removed; the machine stays for viewing.
 */
export type Phase = "off" | "ready" | "running" | "paused" | "idle" | "ended";

/** Everything a view shows, in one value. Registers are by peek. */
export interface MachineState {
  readonly name: string;
  readonly title: string;
  readonly revision: number;
  readonly phase: Phase;
  /** Nanoseconds of virtual time. */
  readonly time: number;
  readonly functions: readonly FunctionView[];
  readonly linux: LinuxState;
}

/** What Tab offers in the terminal. */
export interface ShellCompletion {
  /** Index in the line from which on a choice stands in the place of what was typed. */
  readonly from: number;
  readonly choices: readonly string[];
}

/** How a machine is to be booted on the side. */
export interface BootWish {
  /** As in `openMachine`; by default the open one. */
  readonly machine?: string;
  readonly assign?: "scratch" | "firmware" | "as-is";
  /** Of an imported machine: not what Linux had, but what it would decide now. */
  readonly decide?: true;
  /** `no-above-4g`, `edu.BAR0=256M`, or what stands behind `pci=`. */
  readonly whatIf?: readonly string[];
}

export interface BootComparison {
  readonly comparison: Comparison;
  readonly texts: readonly [before: string, after: string];
}

/** `machine`: a built-in name or the path of a `*.pcie.json` file. Rejects with one sentence that names file, place and cause. */
export const openMachine = new RequestType<{ readonly machine: string }, MachineState, void>("machine/open");
export const readState = new RequestType0<MachineState | null, void>("machine/state");
/** Power-on reset, enumeration, assignment: what F5 does before it loads a driver. */
export const powerCycle = new RequestType0<MachineState, void>("machine/powerCycle");
/** The reset button: as a power cycle, but what memory holds stays and virtual time goes on. */
export const resetMachine = new RequestType0<MachineState, void>("machine/reset");
/** `address`: `0x…` (physical, or virtual when canonical-high), `bus:0x…`, `device.REGISTER`. */
export const translate = new RequestType<{ readonly address: string }, Translation, void>(
  "machine/translate",
);
/** A person's own access to a register or an address; the answer is what is there afterwards. Rejects with a sentence. */
export const touch = new RequestType<Touch, Hex, void>("machine/touch");
/** A window of the bus trace: rings that the control thread peeks into. */
export const readTrace = new RequestType<TraceQuery, TraceWindow, void>("machine/trace");
/** The record of the buses: begun, ended, emptied. It goes on in the next session. */
export const setTracing = new RequestType<{ readonly to: "on" | "off" | "clear" }, void, void>(
  "machine/tracing",
);
/** A line of the terminal: what it prints. Rejects with a sentence. */
export const runShell = new RequestType<{ readonly line: string }, string, void>("shell/run");
/** `line`: what stands left of the cursor. */
export const completeShell = new RequestType<{ readonly line: string }, ShellCompletion, void>(
  "shell/complete",
);
/**
 * What becomes of an access, and why. Without an address: the driver's last failed one, or that of its device; null
 * while there is none.
 */
export const explain = new RequestType<ExplainWish, Explanation | null, void>("machine/explain");
export interface ExplainWish {
  readonly address?: string;
  readonly write?: boolean;
}
/** Replaces our own list of watchpoints (never the native ones). Kept across sessions and power cycles. */
export const setWatchpoints = new RequestType<
  { readonly watchpoints: readonly WatchpointRequest[] },
  readonly WatchpointStatus[],
  void
>("watch/set");
/** How Linux comes to the addresses of a machine: it is booted on the side. Rejects with a sentence. */
export const bootReplay = new RequestType<BootWish, BootReplay, void>("machine/bootReplay");
/** Two boots on the side, compared; the texts are their maps, ready for a diff. Rejects with a sentence. */
export const compareBoots = new RequestType<
  { readonly before: BootWish; readonly after: BootWish },
  BootComparison,
  void
>("machine/compareBoots");
/** The log of the running boot, oldest first. */
export const readLog = new RequestType0<readonly LogLine[], void>("machine/log");

/** Something that a view shows is different now: at most ten a second, and only while `visible` is on. Changes of the phase are always sent. */
export const changed = new NotificationType<{ readonly revision: number; readonly phase: Phase }>(
  "machine/changed",
);
/** A logging watchpoint matched. A stopping one arrives as the DAP `stopped` event. */
export const watchHit = new NotificationType<WatchHit>("watch/hit");
/** Somebody looks at the machine: send `changed`. */
export const visible = new NotificationType<{ readonly visible: boolean }>("view/visible");
/** A message of the Debug Adapter Protocol, in either direction. */
export const dap = new NotificationType<unknown>("dap");
