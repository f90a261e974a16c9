/** What a `*.pcie.json` file says of a machine. Addresses are numbers or text such as "0xb0000000". */

export type Address = number | string;

export interface MachineDescription {
  readonly name: string;
  readonly title: string;
  /** Bytes of RAM. */
  readonly ram: number;
  readonly hostBridge: {
    /** Where configuration space is memory-mapped: 1 MiB a bus. */
    readonly ecam: Address;
    readonly windows: readonly WindowDescription[];
  };
  /**
   * A DMA remapping unit between the devices and RAM, and what Linux does with it: `passthrough` lets every request go
   * as it is; `translated` gives each IOMMU group its own addresses, and flushes lazily; `strict` flushes at each unmap.
   */
  readonly iommu?: IommuMode;
  /** `firmware`: firmware ran first, and what it left in the registers is honoured. By default Linux places everything. */
  readonly boot?: "scratch" | "firmware";
  /** What /proc/iomem shows besides PCI: RAM, reserved ranges, the kernel, the chipset. */
  readonly platform: readonly PlatformRange[];
  /** The same for /proc/ioports. */
  readonly ports?: readonly PlatformRange[];
  /** How long posted writes may be on their way: they arrive at once by default. */
  readonly posting?: "prompt" | "adversarial" | "random";
  /** What drivers had claimed inside their devices when an imported machine was recorded. */
  readonly claimed?: readonly PlatformRange[];
  readonly claimedPorts?: readonly PlatformRange[];
  /** What stands behind `pci=` on Linux's command line: `realloc,hpmmiosize=8M`. */
  readonly pci?: string;
  /** What is plugged into root bus 0. */
  readonly functions: readonly FunctionDescription[];
  /** Further host bridges, each with a root bus of its own (QEMU's pxb-pcie). */
  readonly hostBridges?: readonly HostBridgeDescription[];
}

export type IommuMode = "off" | "passthrough" | "translated" | "strict";

export interface HostBridgeDescription {
  /** The number of its root bus, 0 to 255; bus 0 of segment 0 is `hostBridge`'s. */
  readonly bus: number;
  /** Segment group, 0 by default: bus numbers and configuration space of its own. */
  readonly segment?: number;
  /** Where the configuration space of its segment is memory-mapped: said by the first bridge of a segment but 0. */
  readonly ecam?: Address;
  readonly windows: readonly WindowDescription[];
  readonly functions: readonly FunctionDescription[];
}

export interface WindowDescription {
  readonly kind: "memory" | "io";
  readonly start: Address;
  readonly end: Address;
  /** CPU address minus bus address; 0 on a PC. */
  readonly offset?: Address;
}

export interface PlatformRange {
  readonly start: Address;
  readonly end: Address;
  readonly name: string;
}

export interface FunctionDescription {
  /** `03.0`: device and function on its bus. */
  readonly at: string;
  /** A kind of device: a name from the catalogue. */
  readonly device: string;
  /** How the machine calls this one; by default the kind. */
  readonly name?: string;
  /** Of its kind; of every kind, `readyAfterMs`: how long it answers configuration requests with a retry after a reset. */
  readonly options?: Readonly<Record<string, number>>;
  /** Configuration space from byte 0, two hexadecimal digits a byte: for the kind "recorded". */
  readonly config?: string;
  /** The BARs of a recorded function. */
  readonly bars?: readonly RecordedBar[];
  /** The BARs that its virtual functions share (SR-IOV); sizes of one function's part. */
  readonly vfBars?: readonly RecordedBar[];
  /** Bytes of its expansion ROM. */
  readonly rom?: number;
  /** What Linux had for it: `"start end flags"`, hexadecimal, as sysfs `resource` has it. */
  readonly resources?: readonly string[];
  /** Not plugged in at power-on; it can be later. */
  readonly absent?: boolean;
  /** What firmware had left in its registers before Linux placed anything; in the same form. */
  readonly firmware?: readonly string[];
  /** What is plugged in below a bridge. */
  readonly below?: readonly FunctionDescription[];
}

export interface RecordedBar {
  readonly index: 0 | 1 | 2 | 3 | 4 | 5;
  readonly kind: "io" | "mem32" | "mem64";
  readonly prefetchable?: boolean;
  readonly size: number;
  /** The size is a guess: no dump holds it. */
  readonly assumed?: boolean;
}
