/** Linux's PCI core of one boot: root buses, what is found below them, and addresses by a policy. */
import type { Machine } from "../machine/machine";
import type { Range } from "./allocate";
import { claimAsIs, placeAsIs } from "./as-is";
import { Assignment } from "./assign";
import type { ConfigSpace } from "./config";
import { Decisions } from "./decisions";
import { Enumeration } from "./enumerate";
import { claimFirmware, forgetAddresses, programAsFirmware, useShadowedRoms } from "./firmware";
import type { KernelLog } from "./log";
import { busName, devicesBelow, PCI_BRIDGE_RESOURCES, type PciBus, type PciDev } from "./pci-dev";
import type { PciOptions } from "./pci-options";
import { formatResource, IORESOURCE, Resource } from "./resource";

/**
 * `scratch`: Linux assigns everything, as after a firmware that assigned nothing. `firmware`: Linux claims what firmware
 * left, and completes it. `as-is`: what the imported Linux had.
 */
export type AssignPolicy = "scratch" | "firmware" | "as-is";

interface PciCoreParts {
  readonly machine: Machine;
  readonly config: ConfigSpace;
  readonly kernelLog: KernelLog;
  readonly iomem: Resource;
  readonly ioports: Resource;
  readonly options: PciOptions;
  readonly sleep: (milliseconds: number) => void;
  /** Keep each decision as data. */
  readonly record: boolean;
}

/** Lines of /proc/iomem that the firmware's memory map makes (arch/x86/kernel/e820.c). */
const E820 =
  /^(System RAM|Reserved|ACPI Tables|ACPI Non-volatile Storage|Unusable memory|Persistent Memory|Soft Reserved)/;
const LAST_BUS = 0xff;

export class PciCore {
  /** One for each host bridge. */
  readonly roots: readonly PciBus[];
  readonly decisions: Decisions;
  readonly enumeration: Enumeration;
  readonly assignment: Assignment;
  readonly #parts: PciCoreParts;
  readonly #firmware = new Map<Resource, number>();

  constructor(parts: PciCoreParts) {
    const { machine, config, kernelLog, options, sleep, record, iomem, ioports } = parts;
    this.#parts = parts;
    this.roots = rootBuses(machine);
    this.decisions = new Decisions(kernelLog, { record });
    this.enumeration = new Enumeration({ config, log: kernelLog, options, sleep });
    const reserved = options.useE820 ? e820Of(machine) : [];
    this.assignment = new Assignment({
      config,
      options,
      decisions: this.decisions,
      ground: { minMemory: machine.physical.lowRam, reserved },
      spaces: { io: ioports, memory: iomem },
      firmware: this.#firmware,
    });
  }

  /** In the order of enumeration. */
  get devices(): readonly PciDev[] {
    return this.roots.flatMap((root) => [...devicesBelow(root)]);
  }

  boot(policy: AssignPolicy): void {
    if (policy === "firmware") programAsFirmware(this.#parts);
    if (policy === "scratch") forgetAddresses(this.#parts);
    for (const root of this.roots) this.#addHostBridge(root, policy);
    if (policy === "scratch") this.#assignAll();
    else if (policy === "firmware") this.#completeFirmware();
    else {
      for (const root of this.roots) placeAsIs(this.#parts, root);
      claimAsIs(this.#parts);
    }
  }

  #completeFirmware(): void {
    this.#placeFixed();
    const { machine, config } = this.#parts;
    const claims = { machine, config, decisions: this.decisions, firmware: this.#firmware };
    useShadowedRoms(claims, this.devices);
    claimFirmware(claims, this.roots);
    for (const root of this.roots) this.assignment.assign(root);
  }

  /** As if firmware had left nothing. */
  #assignAll(): void {
    this.#placeFixed();
    for (const [index, resource] of this.devices.flatMap(({ resource }) => [...resource.entries()])) {
      if (!resource || resource.parent || resource.has(IORESOURCE.PCI_FIXED)) continue;
      const end = index < PCI_BRIDGE_RESOURCES ? resource.size - 1 : -1;
      Object.assign(resource, { start: 0, end });
    }
    for (const root of this.roots) this.assignment.assign(root);
  }

  #placeFixed(): void {
    const { ioports, iomem } = this.#parts;
    for (const resource of this.devices.flatMap((dev) => dev.resource)) {
      if (resource?.has(IORESOURCE.PCI_FIXED))
        (resource.has(IORESOURCE.IO) ? ioports : iomem).insert(resource);
    }
  }

  /** Its windows, and what is found below it (pci_acpi_scan_root). */
  #addHostBridge(root: PciBus, policy: AssignPolicy): void {
    const { kernelLog, options, ioports, iomem } = this.#parts;
    const name = busName(root.segment, root.number);
    kernelLog.info(`PCI host bridge to bus ${name}`);
    const windows = options.useCrs ? this.#windowsOf(root) : [ioports, iomem];
    for (const window of windows) {
      root.resources.push(window);
      kernelLog.info(`pci_bus ${name}: root bus resource ${formatResource(window)}`);
    }
    this.enumeration.scan(root, policy === "as-is" ? { renumber: false } : {});
  }

  #windowsOf({ segment, number }: PciBus): readonly Resource[] {
    const { machine, ioports, iomem } = this.#parts;
    const own = machine.root.windows.filter((it) => it.bus === number && (it.segment ?? 0) === segment);
    return own.map(({ kind, start, end }) => {
      const flags = (kind === "io" ? IORESOURCE.IO : IORESOURCE.MEM) | IORESOURCE.WINDOW;
      const window = new Resource(`PCI Bus ${busName(segment, number)}`, { start, end, flags });
      (kind === "io" ? ioports : iomem).insert(window);
      return window;
    });
  }
}

/** Each reaches up to the next one of its segment. */
function rootBuses({ root }: Machine): readonly PciBus[] {
  return root.buses.map(({ number, segment = 0 }) => {
    const later = root.buses.filter((it) => (it.segment ?? 0) === segment && it.number > number);
    return {
      segment,
      number,
      subordinate: Math.min(LAST_BUS, ...later.map((it) => it.number - 1)),
      parent: undefined,
      self: undefined,
      devices: [],
      resources: [],
      ari: undefined,
      scanned: false,
      extended: true,
    };
  });
}

function e820Of({ description }: Machine): readonly Range[] {
  return description.platform
    .filter(({ name }) => E820.test(name))
    .map(({ start, end }) => ({ start: Number(start), end: Number(end) }));
}
