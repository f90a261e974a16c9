/**
 * The whole conversation between the panel and the extension: two unions of messages, both plain JSON.
 * The panel draws the newest state it was sent; it asks for nothing it does not show.
 * What is asked for by itself has its shape in a file of its own: protocol-*.ts.
 */
import type { BootReplay } from "./protocol-boot";
import type { ExplainQuestion, Explanation, TranslationView } from "./protocol-explain";
import type { TraceQuery, TraceWindow } from "./protocol-trace";

export type Tab =
  | "devices"
  | "topology"
  | "bars"
  | "iomem"
  | "ioports"
  | "register"
  | "translate"
  | "explain"
  | "boot"
  | "trace";

export interface DeviceRow {
  readonly bdf: string;
  readonly name: string;
  readonly depth: number;
  readonly kind: "host-bridge" | "root-port" | "bridge" | "endpoint";
  readonly title: string;
  /** `1234:11e8` */
  readonly ids: string;
  readonly driver?: string;
  /** `PCI bridge` */
  readonly className: string;
  /** `5 GT/s ×4`; empty where there is no link. */
  readonly link: string;
  /** What a bridge passes downstream. */
  readonly windows: readonly WindowRow[];
  /** `01` or `02-05`: the buses below a bridge. */
  readonly buses: string;
  readonly registers: readonly RegisterRow[];
}

export interface WindowRow {
  readonly kind: "io" | "memory" | "prefetchable";
  /** `0x40000000-0x401fffff`; empty while it is closed. */
  readonly range: string;
}

/** Bits of a register that mean something together. */
export interface FieldRow {
  readonly name: string;
  readonly msb: number;
  readonly lsb: number;
  /** `rw`, `w1c` … */
  readonly access: string;
  readonly value: string;
  readonly meaning: string;
  /** Every value that has a name. */
  readonly meanings: readonly { readonly value: string; readonly name: string }[];
  readonly doc: string;
}

export interface RegisterRow {
  /** Unique in the machine, and what a selection says: `0000:01:00.0/BAR0/edu.FACTORIAL`. */
  readonly key: string;
  readonly id: string;
  /** `BAR0`, or `Configuration space`. */
  readonly space: string;
  /** 8, 16, 32 or 64. */
  readonly width: number;
  readonly doc: string;
  readonly fields: readonly FieldRow[];
  readonly name: string;
  readonly offset: string;
  readonly access: string;
  readonly value: string;
  readonly reset: string;
  /** CPU physical address; empty while the BAR has none. */
  readonly physical: string;
  readonly meaning: string;
  readonly readSideEffect: boolean;
  readonly watched: boolean;
}

export interface BarRow {
  readonly bdf: string;
  readonly device: string;
  readonly bar: string;
  readonly kind: string;
  readonly physical: string;
  readonly bus: string;
  readonly size: string;
  readonly decoding: boolean;
  readonly why: string;
}

export interface ResourceRow {
  readonly depth: number;
  /** The kernel's own line, without its indentation. */
  readonly text: string;
}

export interface PanelState {
  /** `demo` */
  readonly name: string;
  readonly machine: string;
  readonly phase: string;
  readonly time: string;
  readonly devices: readonly DeviceRow[];
  readonly bars: readonly BarRow[];
  readonly iomem: readonly ResourceRow[];
  readonly ioports: readonly ResourceRow[];
  /** Differs when Linux has come to its addresses in another way. */
  readonly booted: string;
  /** Addresses of this machine that are worth translating. */
  readonly examples: readonly string[];
}

export type ToPanel =
  | { readonly type: "state"; readonly state: PanelState }
  | { readonly type: "nothing"; readonly sentence: string }
  | { readonly type: "translation"; readonly translation: TranslationView }
  | { readonly type: "refused"; readonly input: string; readonly sentence: string }
  | { readonly type: "show"; readonly tab: Tab; readonly address?: string }
  | { readonly type: "trace"; readonly window: TraceWindow }
  /** Null: no access has failed. */
  | { readonly type: "explanation"; readonly explanation: Explanation | null }
  /** What was asked for is no address. */
  | { readonly type: "unexplained"; readonly sentence: string }
  | { readonly type: "boot"; readonly replay: BootReplay }
  /** What was to be changed cannot be. */
  | { readonly type: "unbooted"; readonly sentence: string }
  /** How a write ended: what the register holds now, or why nothing was written. */
  | {
      readonly type: "written";
      readonly register: string;
      readonly sentence: string;
      readonly failed: boolean;
    }
  /** Something was selected elsewhere: a device's BDF, or a register's key. `touched`: the driver was stopped there. */
  | { readonly type: "select"; readonly id: string; readonly touched: boolean };

export type FromPanel =
  | { readonly type: "ready" }
  | { readonly type: "translate"; readonly address: string }
  | { readonly type: "watch"; readonly register: string }
  /** Without a question nobody looks at the explanation any more. */
  | { readonly type: "explain"; readonly question?: ExplainQuestion }
  /** `whatIf`: changes to the machine before it boots again on the side: `edu.BAR0=256M`, `realloc`. */
  | { readonly type: "boot"; readonly whatIf: readonly string[] }
  | { readonly type: "copy"; readonly text: string }
  /** What a real machine printed was dropped or pasted. */
  | { readonly type: "import"; readonly name: string; readonly text: string }
  /** Without a query nobody looks at the trace any more. */
  | { readonly type: "trace"; readonly query?: TraceQuery }
  | { readonly type: "tracing"; readonly to: "on" | "off" | "clear" }
  | { readonly type: "open"; readonly path: string; readonly line: number }
  /** `write`: over the bus, with every effect it has. `poke`: past the bus, unnoticed by the device. */
  | { readonly type: "write"; readonly verb: WriteVerb; readonly register: string; readonly value: string }
  | { readonly type: "select"; readonly id: string }
  | { readonly type: "start" };

export type WriteVerb = "write" | "poke";
