/**
 * IOMMU groups (drivers/iommu/iommu.c, pci_device_group): devices that the unit cannot tell apart, or that could reach
 * each other behind its back, share one address space. A conventional bridge hides who asks; a port without Access
 * Control Services lets its devices talk peer to peer.
 */
import { type Bdf, bdf } from "../../pci/bdf";
import type { ConfigSpace } from "../config";
import type { PciBus, PciDev } from "../pci-dev";

const EXPRESS = 0x10;
const ACS = 0x0d;
/** Source validation, request and completion redirection, upstream forwarding (REQ_ACS_FLAGS). */
const REQUIRED = 0x01 | 0x04 | 0x08 | 0x10;
const TYPE = {
  ENDPOINT: 0,
  LEGACY: 1,
  ROOT_PORT: 4,
  UPSTREAM: 5,
  DOWNSTREAM: 6,
  PCI_BRIDGE: 7,
  IN_ROOT: 9,
} as const;

export class IommuGroups {
  readonly #config: ConfigSpace;
  readonly #of = new Map<PciDev, number>();
  #count = 0;

  constructor(config: ConfigSpace) {
    this.#config = config;
  }

  groupOf(dev: PciDev): number | undefined {
    return this.#of.get(dev);
  }

  /** Every device of these buses, in the order in which they were found; calls `added` for each. */
  addAll(roots: readonly PciBus[], added: (dev: PciDev, group: number) => void): void {
    const all = roots.flatMap((root) => [...asFound(root)]);
    for (const dev of all) this.#enableAcs(dev);
    for (const dev of all) added(dev, this.add(dev, all));
  }

  /** A device of its own, plugged in later perhaps: its group. */
  add(dev: PciDev, all: readonly PciDev[]): number {
    const group = this.#find(dev, all) ?? this.#count++;
    this.#of.set(dev, group);
    return group;
  }

  /** The requester ids that requests of a device may carry, its own first (pci_for_each_dma_alias). */
  aliases(dev: PciDev): readonly Bdf[] {
    const ids = [dev.bdf];
    for (let bridge = dev.bus.self; bridge; bridge = bridge.bus.self) {
      const type = this.#typeOf(bridge);
      if (type === TYPE.PCI_BRIDGE)
        ids.push(
          bdf({ segment: dev.bdf.segment, bus: bridge.subordinate?.number ?? 0, device: 0, function: 0 }),
        );
      else if (type === undefined) ids.push(bridge.bdf);
    }
    return ids;
  }

  #find(dev: PciDev, all: readonly PciDev[]): number | undefined {
    const alias = this.#groupOfAlias(dev);
    if (typeof alias === "number") return alias;
    const top = this.#isolatedAt(alias);
    return typeof top === "number" ? top : this.#groupOfSibling(top, all);
  }

  /** The group of a bridge whose requester id it bears, or the topmost such bridge. */
  #groupOfAlias(dev: PciDev): number | PciDev {
    let topmost = dev;
    for (let bridge = dev.bus.self; bridge; bridge = bridge.bus.self) {
      const type = this.#typeOf(bridge);
      if (type !== TYPE.PCI_BRIDGE && type !== undefined) continue;
      topmost = bridge;
      const group = this.#of.get(bridge);
      if (group !== undefined) return group;
    }
    return topmost;
  }

  /** Goes up to where Access Control Services keep it apart from others; the group of a bridge on the way. */
  #isolatedAt(dev: PciDev): number | PciDev {
    let top = dev;
    for (let bridge = dev.bus.self; bridge; bridge = bridge.bus.self) {
      if (this.#pathIsolated(bridge)) break;
      top = bridge;
      const group = this.#of.get(bridge);
      if (group !== undefined) return group;
    }
    return top;
  }

  #pathIsolated(port: PciDev): boolean {
    for (let at: PciDev | undefined = port; at; at = at.bus.self) if (!this.#isolates(at)) return false;
    return true;
  }

  /** Functions of one device share a group unless each keeps to itself. */
  #groupOfSibling(dev: PciDev, all: readonly PciDev[]): number | undefined {
    if (!this.#isMultifunction(dev, all) || this.#isolates(dev)) return undefined;
    return all
      .filter((it) => it.bus === dev.bus && it.bdf.device === dev.bdf.device && !this.#isolates(it))
      .map((it) => this.#of.get(it))
      .find((group) => group !== undefined);
  }

  #isMultifunction(dev: PciDev, all: readonly PciDev[]): boolean {
    return all.some((it) => it !== dev && it.bus === dev.bus && it.bdf.device === dev.bdf.device);
  }

  /** pci_acs_enabled */
  #isolates(dev: PciDev): boolean {
    const type = this.#typeOf(dev);
    if (type === undefined || type === TYPE.PCI_BRIDGE) return false;
    if (type === TYPE.ROOT_PORT || type === TYPE.DOWNSTREAM) return this.#acsEnabled(dev);
    return !this.#headerIsMultifunction(dev) || this.#acsEnabled(dev);
  }

  #headerIsMultifunction({ bdf: at }: PciDev): boolean {
    const first = { ...at, function: 0 };
    return (this.#config.read(first, 0x0e, 1) & 0x80) !== 0;
  }

  #acsEnabled({ bdf: at }: PciDev): boolean {
    const acs = this.#config.findExtendedCapability(at, ACS);
    if (!acs) return false;
    const wanted = REQUIRED & this.#config.read(at, acs + 4, 2);
    return (this.#config.read(at, acs + 6, 2) & wanted) === wanted;
  }

  /** An IOMMU is there, so Linux switches on what a port offers (pci_std_enable_acs). */
  #enableAcs({ bdf: at }: PciDev): void {
    const acs = this.#config.findExtendedCapability(at, ACS);
    if (!acs) return;
    const offered = REQUIRED & this.#config.read(at, acs + 4, 2);
    this.#config.write(at, acs + 6, { width: 2, value: this.#config.read(at, acs + 6, 2) | offered });
  }

  #typeOf({ bdf: at }: PciDev): number | undefined {
    const express = this.#config.findCapability(at, EXPRESS);
    return express ? (this.#config.read(at, express + 2, 2) >>> 4) & 15 : undefined;
  }
}

/** All devices of a bus before those below its bridges: the order in which Linux makes them known. */
function* asFound(bus: PciBus): Generator<PciDev> {
  yield* bus.devices;
  for (const { subordinate } of bus.devices) if (subordinate) yield* asFound(subordinate);
}
