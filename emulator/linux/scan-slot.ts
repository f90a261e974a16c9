/** The functions of one slot (drivers/pci/probe.c, pci_scan_slot), waiting for those that ask for time after a reset. */
import { type Bdf, bdf, formatBdf } from "../pci/bdf";
import { EXPRESS_ID, PORT_TYPE } from "../pci/capabilities/express";
import type { PciBus, PciDev } from "./pci-dev";
import { type ProbeParts, probeFunction } from "./probe";

const MULTIFUNCTION = 0x80;
const ARI_ID = 0x0e;
/** What boards read where nobody is: all ones, zeros, or half of each. */
const ABSENT: ReadonlySet<number> = new Set([0xffffffff, 0, 0xffff, 0xffff0000]);
/** Configuration Request Retry Status: a vendor that does not exist says "later" (PCIe Base Specification 2.3.2). */
const LATER = 1;
const LONGEST_WAIT_MS = 60_000;
const WORTH_A_LINE_MS = 1000;
/** A bridge from conventional PCI to PCI Express. */
const REVERSE_BRIDGE = 8;
const ONE_CHILD: ReadonlySet<number> = new Set([
  PORT_TYPE["root-port"],
  PORT_TYPE.downstream,
  REVERSE_BRIDGE,
]);

export interface SlotParts extends ProbeParts {
  /** Lets time pass. */
  readonly sleep: (milliseconds: number) => void;
}

/** Finds what is new on a bus. */
export function scanSlots(bus: PciBus, parts: SlotParts): void {
  const slots = bus.self && leadsToOneDevice(bus.self, parts) ? 1 : 32;
  for (let device = 0; device < slots; device++) scanSlot(bus, device, parts);
}

/** The link below has one device, number 0 (only_one_child). */
function leadsToOneDevice({ bdf: where }: PciDev, { config }: SlotParts): boolean {
  const express = config.findCapability(where, EXPRESS_ID);
  return express !== 0 && ONE_CHILD.has((config.read(where, express + 2, 2) >>> 4) & 15);
}

/** Function 0 says whether there are others; with ARI each says which is the next. */
function scanSlot(bus: PciBus, device: number, parts: SlotParts): void {
  const at = (fn: number) =>
    bdf({ segment: bus.segment, bus: bus.number, device: device + (fn >>> 3), function: fn & 7 });
  const first = scanFunction(bus, at(0), parts);
  if (!first) return;
  if (bus.ari) {
    let next = nextFunction(first, parts);
    while (next !== undefined) next = nextFunction(scanFunction(bus, at(next), parts), parts);
    return;
  }
  if (!(parts.config.read(first.bdf, 0x0e, 1) & MULTIFUNCTION)) return;
  for (let fn = 1; fn < 8; fn++) scanFunction(bus, at(fn), parts);
}

/** Number of the function after this one in the device's list (next_ari_fn). */
function nextFunction(dev: PciDev | undefined, { config }: SlotParts): number | undefined {
  const at = dev && config.findExtendedCapability(dev.bdf, ARI_ID);
  if (!at) return undefined;
  const next = config.read(dev.bdf, at + 5, 1);
  return next > dev.bdf.device * 8 + dev.bdf.function ? next : undefined;
}

/** The function there, known before or not. */
function scanFunction(bus: PciBus, where: Bdf, parts: SlotParts): PciDev | undefined {
  const known = bus.devices.find(
    ({ bdf: it }) => it.device === where.device && it.function === where.function,
  );
  if (known || !answers(where, parts)) return known;
  const dev = probeFunction(bus, where, parts);
  if (dev) bus.devices.push(dev);
  return dev;
}

/** pci_bus_wait_crs */
function answers(where: Bdf, { config, log, sleep }: SlotParts): boolean {
  let id = config.read32(where, 0);
  if (ABSENT.has(id)) return false;
  const name = `pci ${formatBdf(where)}`;
  let delay = 1;
  for (; (id & 0xffff) === LATER; delay *= 2) {
    if (delay > LONGEST_WAIT_MS) {
      log.warn(`${name}: not ready after ${delay - 1}ms; giving up`);
      return false;
    }
    if (delay >= WORTH_A_LINE_MS) log.info(`${name}: not ready after ${delay - 1}ms; waiting`);
    sleep(delay);
    id = config.read32(where, 0);
  }
  if (delay >= WORTH_A_LINE_MS) log.info(`${name}: ready after ${delay - 1}ms`);
  return true;
}
