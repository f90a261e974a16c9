/**
 * Intel 82574L network card (datasheet 316080), as QEMU's e1000e shows it: configuration space, BARs, and the registers
 * below.
 * Not modelled: receive and transmit, PHY, EEPROM, interrupts of the card's own, flash, the option ROM's contents;
 * registers that are not in the table read zero.
 */
import { RegisterBank } from "../../core/register-bank";
import { defineRegisters } from "../../core/register-map";
import { bankBar } from "../../pci/bar";
import { errorReporting } from "../../pci/capabilities/error-reporting";
import { express, ONE_LANE } from "../../pci/capabilities/express";
import { msi } from "../../pci/capabilities/msi";
import { Msix } from "../../pci/capabilities/msix";
import { powerManagement } from "../../pci/capabilities/power-management";
import { serialNumber } from "../../pci/capabilities/small";
import { assemble, type Device, type DeviceParts } from "../../pci/device";
import { PciFunction } from "../../pci/function";
import { AddressDataPorts, DEFAULT_MAC, swap } from "./ports";

const TWO_24 = 2 ** 24;
const TWO_32 = 2 ** 32;
const MEMORY_BYTES = 128 << 10;
const MSIX_BYTES = 16 << 10;

// biome-ignore format: a table, as in the datasheet
export const e1000eRegisters = (mac: number) => defineRegisters({
  CTRL: { at: 0x0000, width: 32, access: "rw", reset: 0x0014_0241, doc: "Device control.", spec: "10.2.2.1" },
  STATUS: { at: 0x0008, width: 32, access: "ro", reset: 0x0008_0283, doc: "Device status: link up, full duplex, 1000 Mb/s.", spec: "10.2.2.2" },
  RAL0: { at: 0x5400, width: 32, access: "rw", reset: swap(Math.floor(mac / 0x10000)), doc: "Receive address 0, bytes 0 to 3.", spec: "10.2.5.21" },
  RAH0: { at: 0x5404, width: 32, access: "rw", reset: (0x8000_0000 | (swap(mac % 0x10000) >>> 16)) >>> 0, doc: "Receive address 0, bytes 4 and 5; valid.", spec: "10.2.5.22" },
});

const IDS = {
  vendor: 0x8086,
  device: 0x10d3,
  revision: 0,
  classCode: 0x020000,
  subsystemVendor: 0x8086,
} as const;

export function e1000e({ arena, name, quirks, options }: DeviceParts): Device {
  const mac = options["mac"] ?? DEFAULT_MAC;
  const msix = new Msix({ vectors: 5, table: { bar: 3, at: 0 }, pending: { bar: 3, at: 0x2000 } });
  const bank = new RegisterBank(arena, { name, map: e1000eRegisters(mac), size: MEMORY_BYTES, blank: 0 });
  const flash = new RegisterBank(arena, { name: `${name}-flash`, map: {}, size: MEMORY_BYTES, blank: 0 });
  const vectors = msix.bank(arena, { name: `${name}-msix`, size: MSIX_BYTES });
  const ports = new AddressDataPorts(arena, { registers: bank, size: 32 });
  const fn = new PciFunction(arena, {
    name,
    ids: IDS,
    express: true,
    quirks,
    interruptPin: 1,
    openConfiguration: quirks.on,
    rom: 256 << 10,
    msix,
    bars: [
      bankBar(0, "mem32", bank),
      bankBar(1, "mem32", flash),
      bankBar(2, "io", ports),
      bankBar(3, "mem32", vectors),
    ],
    capabilities: [
      powerManagement(0xc8, { version: 2, initialization: true, wakes: true }),
      msi(0xd0),
      express(0xe0, { type: "endpoint", version: 1, link: ONE_LANE, reporting: !quirks.on }),
      msix.capability(0xa0),
      errorReporting(0x100, { maskable: !quirks.on }),
      serialNumber(0x140, serialOf(mac)),
    ],
  });
  return assemble(fn, [bank, flash, vectors], [ports]);
}

/** EUI-64 of the card's address: ff:ff between its halves. */
function serialOf(mac: number): readonly [low: number, high: number] {
  return [(0xff00_0000 | (mac % TWO_24)) >>> 0, (Math.floor(mac / TWO_24) * 256 + 0xff) % TWO_32];
}
