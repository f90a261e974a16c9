/**
 * An NVMe controller under QEMU's identifiers (1b36:0010): configuration space, MSI-X, and the registers that a driver
 * reads first (NVMe Base Specification 1.4, 3.1).
 * Not modelled: enabling the controller, queues, commands, namespaces, ARI (virtual functions are functions 1 to 7): CC is read-only and CSTS stays 0, so a driver
 * waits for CSTS.RDY until its timeout.
 */
import type { Arena } from "../core/arena";
import { RegisterBank } from "../core/register-bank";
import { defineRegisters } from "../core/register-map";
import { bankBar } from "../pci/bar";
import { express, ONE_LANE } from "../pci/capabilities/express";
import { Msix } from "../pci/capabilities/msix";
import { powerManagement } from "../pci/capabilities/power-management";
import { virtualization } from "../pci/capabilities/virtualization";
import { assemble, type Device, type DeviceParts } from "../pci/device";
import { PciFunction } from "../pci/function";
import { VirtualFunction } from "../pci/virtual-function";

const BAR_BYTES = 16 << 10;
const VECTORS = 65;
/** Routing ids of the virtual functions. */
const PLACES = { offset: 1, stride: 1 } as const;

// biome-ignore format: a table, as in the specification
export const nvmeRegisters = defineRegisters({
  CAP_LOW: { at: 0x00, width: 32, access: "ro", reset: 0x0f01_07ff, doc: "Controller capabilities, low.", spec: "3.1.1", fields: {
    MQES: { bits: [15, 0], doc: "Entries a queue may have, less one." },
    CQR: { bits: 16, doc: "Queues must be contiguous." },
    TO: { bits: [31, 24], doc: "Longest time to become ready, in 500 ms." },
  } },
  CAP_HIGH: { at: 0x04, width: 32, access: "ro", reset: 0x0040_1820, doc: "Controller capabilities, high.", spec: "3.1.1" },
  VS: { at: 0x08, width: 32, access: "ro", reset: 0x0001_0400, doc: "Version: 1.4.", spec: "3.1.2" },
  INTMS: { at: 0x0c, width: 32, access: "ro", doc: "Interrupt mask set.", spec: "3.1.3" },
  INTMC: { at: 0x10, width: 32, access: "ro", doc: "Interrupt mask clear.", spec: "3.1.4" },
  CC: { at: 0x14, width: 32, access: "ro", doc: "Controller configuration. Not modelled: cannot be written.", spec: "3.1.5" },
  CSTS: { at: 0x1c, width: 32, access: "ro", doc: "Controller status.", spec: "3.1.6" },
  AQA: { at: 0x24, width: 32, access: "ro", doc: "Admin queue attributes. Not modelled.", spec: "3.1.8" },
});

const IDS = {
  vendor: 0x1b36,
  device: 0x0010,
  revision: 2,
  classCode: 0x010802,
  subsystemVendor: 0x1af4,
  subsystem: 0x1100,
} as const;

export function nvme(parts: DeviceParts): Device {
  const { arena, name, options } = parts;
  const msix = new Msix({ vectors: VECTORS, table: { bar: 0, at: 0x2000 }, pending: { bar: 0, at: 0x3000 } });
  const [map, behaviours] = [{ ...nvmeRegisters, ...msix.registers }, msix.behaviours];
  const bank = new RegisterBank(arena, {
    name,
    map,
    behaviours,
    size: BAR_BYTES,
    blank: 0,
    splitsEight: true,
  });
  msix.connect(bank.registers);
  const guests = virtualBanks(arena, { name, total: options["vfs"] ?? 0 });
  const virtual: PciFunction[] = [];
  const fn = physicalFunction(parts, { msix, bank, virtual, guests });
  for (const [number, guest] of guests.entries()) {
    const bars = [bankBar(0, "mem64", guest)];
    virtual.push(new VirtualFunction(arena, { name: guest.name, physical: fn, number, bars }));
  }
  const places = virtual.map((vf, number) => ({
    function: vf,
    distance: PLACES.offset + number * PLACES.stride,
  }));
  return { ...assemble(fn, [bank, ...guests]), virtual: places };
}

interface Behind {
  readonly msix: Msix;
  readonly bank: RegisterBank;
  readonly guests: readonly RegisterBank[];
  /** The functions of the guests, made after this one. */
  readonly virtual: readonly PciFunction[];
}

function physicalFunction(
  { arena, name, quirks }: DeviceParts,
  { msix, bank, guests, virtual }: Behind,
): PciFunction {
  const [guest] = guests;
  const shared = { ...PLACES, total: guests.length, device: IDS.device, functions: () => virtual };
  return new PciFunction(arena, {
    name,
    ids: IDS,
    express: true,
    quirks,
    interruptPin: 1,
    openConfiguration: quirks.on,
    msix,
    bars: [bankBar(0, "mem64", bank)],
    capabilities: [
      msix.capability(0x40),
      express(0x80, { type: "endpoint", functionReset: true, link: ONE_LANE, reporting: !quirks.on }),
      powerManagement(0x60, { noSoftReset: true }),
      ...(guest ? [virtualization(0x120, { ...shared, bars: [bankBar(0, "mem64", guest)] })] : []),
    ],
  });
}

/** The registers of each virtual function: those of a controller of its own. */
function virtualBanks(
  arena: Arena,
  { name, total }: { readonly name: string; readonly total: number },
): readonly RegisterBank[] {
  return Array.from({ length: total }, (_, number) => {
    const map = nvmeRegisters;
    return new RegisterBank(arena, {
      name: `${name}-vf${number}`,
      map,
      size: BAR_BYTES,
      blank: 0,
      splitsEight: true,
    });
  });
}
