/**
 * Giving out addresses (Linux drivers/pci/setup-bus.c): windows are sized bottom-up, then everything is placed top-down;
 * with `pci=realloc` again and again, each time with more windows taken back.
 */
import type { ConfigSpace } from "./config";
import type { Decisions, Failure } from "./decisions";
import { type Available, distribute } from "./distribute";
import {
  BRIDGE_IO,
  BRIDGE_MEMORY,
  BRIDGE_PREFETCHABLE,
  busName,
  devicesBelow,
  PCI_BRIDGE_RESOURCES,
  type PciBus,
  type PciDev,
} from "./pci-dev";
import type { PciOptions } from "./pci-options";
import { Placement, type PlacementParts } from "./place";
import { type Extent, releaseWindows } from "./release";
import { formatResource } from "./resource";
import { setUpBridge } from "./set-up-bridge";
import { type Additions, type Sizing, sizeBridges } from "./size-windows";

export interface AssignmentParts extends PlacementParts {
  readonly options: PciOptions;
}

/** Whether several tries are made, and who said so (enum enable_type). */
type Realloc = "undefined" | "off" | "on" | "auto";

export class Assignment {
  readonly #config: ConfigSpace;
  readonly #decisions: Decisions;
  readonly #options: PciOptions;
  readonly #placement: Placement;

  constructor(parts: AssignmentParts) {
    this.#config = parts.config;
    this.#decisions = parts.decisions;
    this.#options = parts.options;
    this.#placement = new Placement(parts);
  }

  /** Everything below a root bus (pci_assign_unassigned_root_bus_resources). */
  assign(root: PciBus): void {
    const name = `pci_bus ${busName(root.segment, root.number)}`;
    const realloc = this.#reallocOf(root);
    const tries = realloc === "on" || realloc === "auto" ? this.#triesOf(root, name) : 1;
    for (let round = 1; ; round++) {
      this.#decisions.round = round;
      const failures = this.#try(root, round === tries);
      if (!failures.length) break;
      if (round === tries) {
        this.#sayUnassigned(name, realloc);
        break;
      }
      this.#decisions.retried(`${name}: No. ${round + 1} try to assign unassigned res`);
      this.#release(failures, round + 1 > 2 ? "subtree" : "leaf");
    }
    this.#decisions.finish();
    this.#dump(root);
  }

  /** Below a hot-plug bridge whose windows stand (pci_assign_unassigned_bridge_resources). */
  assignBelow(bridge: PciDev): void {
    const bus = bridge.subordinate;
    if (!bus) return;
    for (let round = 1; round <= 2; round++) {
      this.#decisions.round = round;
      const additions: Additions = new Map();
      sizeBridges(bus, this.#sizing(additions));
      distributeFrom(bridge, additions);
      this.#placement.placeAll([bridge], additions);
      this.#assignBus(bus, additions);
      this.#setUp(bridge);
      const failures = this.#placement.takeFailures();
      if (!failures.length || round === 2) break;
      this.#decisions.retried(`PCI: No. ${round + 1} try to assign unassigned res`);
      this.#release(failures, "subtree");
    }
    this.#decisions.finish();
  }

  #sizing(additions: Additions | undefined): Sizing {
    return { additions, hotplug: this.#options.hotplug, decisions: this.#decisions };
  }

  /** In the last try room for hot-plug and virtual functions is optional, before it is needed. */
  #try(root: PciBus, last: boolean): readonly Failure[] {
    const additions: Additions | undefined = last ? new Map() : undefined;
    sizeBridges(root, this.#sizing(additions));
    this.#assignBus(root, additions ?? new Map());
    return this.#placement.takeFailures();
  }

  #assignBus(bus: PciBus, additions: Additions): void {
    this.#placement.placeAll(bus.devices, additions);
    for (const dev of bus.devices) {
      if (!dev.subordinate) continue;
      this.#assignBus(dev.subordinate, additions);
      // The windows of one that a driver has stay as they are.
      if (!dev.enabled) this.#setUp(dev);
    }
  }

  #setUp(dev: PciDev): void {
    setUpBridge(dev, { config: this.#config, log: this.#decisions });
  }

  #release(failures: readonly Failure[], extent: Extent): void {
    const parts = { config: this.#config, decisions: this.#decisions };
    for (const { dev, flags } of failures) releaseWindows(dev.bus, parts, { flags, extent });
    for (const failure of failures) {
      const { dev, index, resource, start, end, flags } = failure;
      const isWindow = dev.subordinate !== undefined && index >= PCI_BRIDGE_RESOURCES;
      Object.assign(resource, { start, end, flags: isWindow ? 0 : flags });
      this.#decisions.restored(failure);
    }
  }

  /** pci_realloc_detect */
  #reallocOf(root: PciBus): Realloc {
    const { realloc } = this.#options;
    if (realloc !== undefined) return realloc ? "on" : "off";
    const waiting = [...devicesBelow(root)].some(({ resource }) =>
      resource.some((it) => it?.part !== undefined && it.flags !== 0 && it.start === 0),
    );
    return waiting ? "auto" : "undefined";
  }

  #triesOf(root: PciBus, name: string): number {
    const depth = depthOf(root);
    this.#decisions.info(`${name}: max bus depth: ${depth} pci_try_num: ${depth + 1}`);
    return depth + 1;
  }

  #sayUnassigned(name: string, realloc: Realloc): void {
    if (realloc === "undefined")
      this.#decisions.info(`${name}: Some PCI device resources are unassigned, try booting with pci=realloc`);
    if (realloc === "auto")
      this.#decisions.info(
        `${name}: Automatically enabled pci realloc, if you have problem, try booting with pci=realloc=off`,
      );
  }

  /** pci_bus_dump_resources: a bridge has its windows from 0 on, a root bus (and what is behind it) from 4. */
  #dump(bus: PciBus): void {
    const own = bus.self ? [BRIDGE_IO, BRIDGE_MEMORY, BRIDGE_PREFETCHABLE] : [];
    const name = `pci_bus ${busName(bus.segment, bus.number)}`;
    for (const [slot, index] of own.entries()) {
      const window = bus.self?.resource[index];
      if (window?.parent) this.#decisions.info(`${name}: resource ${slot} ${formatResource(window)}`);
    }
    const others = bus.resources.filter((it) => !own.some((index) => bus.self?.resource[index] === it));
    for (const [slot, window] of others.entries()) {
      if (window.isPlaced) this.#decisions.info(`${name}: resource ${slot + 4} ${formatResource(window)}`);
    }
    for (const { subordinate } of bus.devices) if (subordinate) this.#dump(subordinate);
  }
}

/** How many buses lie below one another. */
function depthOf({ devices }: PciBus): number {
  return Math.max(0, ...devices.map(({ subordinate }) => (subordinate ? depthOf(subordinate) + 1 : 0)));
}

/** What a hot-plug port has is shared by the ports below (pci_bridge_distribute_available_resources). */
function distributeFrom(bridge: PciDev, additions: Additions): void {
  if (!bridge.isHotplugBridge || !bridge.subordinate) return;
  const span = (index: number) => {
    const { start = 0, end = -1 } = bridge.resource[index] ?? {};
    return { start, end };
  };
  const available: Available = {
    [BRIDGE_IO]: span(BRIDGE_IO),
    [BRIDGE_MEMORY]: span(BRIDGE_MEMORY),
    [BRIDGE_PREFETCHABLE]: span(BRIDGE_PREFETCHABLE),
  };
  distribute(bridge.subordinate, available, additions);
}
