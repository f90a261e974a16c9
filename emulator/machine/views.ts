/**
 * What the machine shows: plain JSON, made by `inspect.ts` from the arena and from Linux's own state.
 * Views, the command line and the debug adapter print these and have no other door.
 */
import type { UnplacedView } from "./boot-views";

/** A 64-bit number on its way across a process border: JSON knows no bigint. Lower case, no padding. */
export type Hex = `0x${string}`;

export type Access = "ro" | "rw" | "wo" | "rc" | "w1c" | "w1s";

export interface FieldView {
  readonly name: string;
  /** `[msb, lsb]`, as datasheets print it. */
  readonly bits: readonly [msb: number, lsb: number];
  readonly access: Access;
  readonly value: Hex;
  /** The name of the value, where the table enumerates values. */
  readonly meaning?: string;
  /** All names that the table gives to values. */
  readonly meanings?: readonly { readonly value: Hex; readonly name: string }[];
  readonly doc: string;
}

export interface RegisterView {
  /** `device.REGISTER`: what a watchpoint, `translate` and the tree call it. */
  readonly id: string;
  readonly name: string;
  /** Bytes from the start of the BAR, or of configuration space. */
  readonly offset: number;
  readonly width: 8 | 16 | 32 | 64;
  readonly access: Access;
  /** By peek: looking changes nothing. */
  readonly value: Hex;
  readonly reset: Hex;
  readonly doc: string;
  readonly spec?: string;
  /** A read on the bus would change the device. */
  readonly readSideEffect: boolean;
  readonly fields: readonly FieldView[];
  /** CPU physical address, while the BAR has one. */
  readonly physical?: Hex;
}

export type BarKind = "mem32" | "mem64" | "io" | "rom";

export interface BarView {
  /** 0 to 5, or 6 for the expansion ROM. */
  readonly index: number;
  readonly kind: BarKind;
  readonly prefetchable: boolean;
  /** Bytes. */
  readonly size: number;
  /** What the BAR holds: an address on the bus. */
  readonly bus?: Hex;
  /** Where the CPU sees it. */
  readonly physical?: Hex;
  readonly decoding: boolean;
  /** Why it does not decode, in a sentence. */
  readonly why?: string;
  readonly registers: readonly RegisterView[];
}

export interface WindowView {
  readonly kind: "io" | "memory" | "prefetchable";
  readonly open: boolean;
  readonly start?: Hex;
  readonly end?: Hex;
}

export type FunctionKind = "host-bridge" | "root-port" | "bridge" | "endpoint";

export interface FunctionView {
  /** `0000:01:00.0` */
  readonly bdf: string;
  /** The machine's own name for it, as in `edu.FACTORIAL`. */
  readonly name: string;
  readonly kind: FunctionKind;
  /** The `bdf` of the bridge above; absent on a root bus. */
  readonly parent?: string;
  /** In lspci's words. */
  readonly className: string;
  readonly title: string;
  /** Four hexadecimal digits each. */
  readonly vendor: string;
  readonly device: string;
  readonly revision: number;
  /** Base class, subclass and programming interface: 24 bits. */
  readonly classCode: number;
  /** Subsystem vendor and device, four digits each; absent where the function has none. */
  readonly subsystem?: readonly [vendor: string, device: string];
  readonly driver?: string;
  readonly command: { readonly io: boolean; readonly memory: boolean; readonly busMaster: boolean };
  readonly bars: readonly BarView[];
  readonly windows: readonly WindowView[];
  /** Secondary and subordinate bus of a bridge. */
  readonly buses?: readonly [secondary: number, subordinate: number];
  /** The header's registers, by name. */
  readonly config: readonly RegisterView[];
}

/** One line of /proc/iomem. */
export interface ResourceLine {
  readonly depth: number;
  readonly start: Hex;
  readonly end: Hex;
  readonly name: string;
}

/** One page-table mapping made by ioremap. */
export interface MappingView {
  readonly virtual: Hex;
  readonly physical: Hex;
  readonly bytes: number;
  /** `uncached-minus`, as in /sys/kernel/debug/x86/pat_memtype_list. */
  readonly memoryType: string;
  readonly owner: string;
}

export interface InterruptView {
  readonly irq: number;
  readonly name: string;
  readonly count: number;
  readonly kind: "intx" | "msi";
}

/** Linux's half, pushed by whoever runs it at each change; views never ask the driver's thread. */
export interface LinuxState {
  readonly revision: number;
  /** In the order of enumeration. `driver` is set while one is bound. */
  readonly functions: readonly { readonly bdf: string; readonly parent?: string; readonly driver?: string }[];
  readonly iomem: readonly ResourceLine[];
  /** /proc/ioports */
  readonly ioports: readonly ResourceLine[];
  /** BARs and windows that got no address. */
  readonly unplaced: readonly UnplacedView[];
  readonly mappings: readonly MappingView[];
  readonly interrupts: readonly InterruptView[];
  /** Buffers that devices may reach. */
  readonly dma: readonly DmaBufferView[];
}

/** One line of the kernel log. */
export interface LogLine {
  /** Nanoseconds of virtual time. */
  readonly time: number;
  readonly level: "err" | "warn" | "info" | "debug";
  readonly text: string;
}

/** One access that a watchpoint stopped, before it takes effect. */
export interface WatchHit {
  /** The watchpoints that match: `WatchpointRequest.id`. */
  readonly ids: readonly string[];
  readonly access: "read" | "write";
  /** `edu.FACTORIAL`, or an address where no register is. */
  readonly target: string;
  readonly bytes: number;
  readonly old: Hex;
  /** For a write: the value about to be written. */
  readonly value?: Hex;
  /** `write edu.FACTORIAL 0x0 → 0x5` */
  readonly text: string;
  /** Logged, the driver is not stopped. */
  readonly log: boolean;
}

/** A wish for a watchpoint. The grammar of `spec`: `TARGET [r][w]`, e.g. `edu.FACTORIAL w`, `0x40000008+4 rw`. */
export interface WatchpointRequest {
  readonly id: string;
  readonly spec: string;
  /** Log instead of stop. */
  readonly log?: boolean;
}

export interface WatchpointStatus {
  readonly id: string;
  /** False: it waits for `message` to become true (pending) or can never bind. */
  readonly verified: boolean;
  readonly message?: string;
  /** It can never bind: the grammar is wrong, or nothing has that name. */
  readonly never?: true;
}

/** A buffer that a driver has made known to a device (dma_alloc_coherent, dma_map_single, dma_map_sg). */
export interface DmaBufferView {
  /** What the device uses: a bus address, or an address of its IOMMU domain. */
  readonly handle: Hex;
  readonly virtual: Hex;
  readonly physical?: Hex;
  readonly bytes: number;
  readonly kind: "coherent" | "streaming";
  readonly direction: "to-device" | "from-device" | "bidirectional";
  /** As in `MappingView`. */
  readonly owner: string;
  /** The device. */
  readonly bdf: string;
  /** Where swiotlb copied it to, if the device cannot reach it. */
  readonly bounce?: Hex;
}

/** A mistake of the driver, although the machine goes on. */
export interface SanitizerReport {
  /** Its name, as in `use-after-unmap`. */
  readonly check: string;
  readonly level: "error" | "warning";
  /** What is wrong: one sentence without its full stop. */
  readonly text: string;
  /** Why, and what to do: one sentence. */
  readonly explanation: string;
  /** What Linux would log, where it would. */
  readonly log?: string;
  /** A line that mends it. */
  readonly fix?: { readonly insert: string };
}
