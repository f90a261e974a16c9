/**
 * Intel 82540EM network card (8254x manual 317453), a conventional PCI card: configuration space, BARs, and the
 * registers below.
 * Not modelled: receive and transmit, PHY, EEPROM, interrupts, the option ROM's contents; registers that are not in the
 * table read zero.
 */
import { RegisterBank } from "../../core/register-bank";
import { defineRegisters } from "../../core/register-map";
import { bankBar } from "../../pci/bar";
import { assemble, type Device, type DeviceParts } from "../../pci/device";
import { PciFunction } from "../../pci/function";
import { AddressDataPorts, DEFAULT_MAC, swap } from "./ports";

const MEMORY_BYTES = 128 << 10;
const PORT_BYTES = 64;

// biome-ignore format: a table, as in the datasheet
export const e1000Registers = (mac: number) => defineRegisters({
  CTRL: { at: 0x0000, width: 32, access: "rw", reset: 0x0014_0240, doc: "Device control.", spec: "13.4.1" },
  STATUS: { at: 0x0008, width: 32, access: "ro", reset: 0x8008_0783, doc: "Device status: link up, full duplex, 1000 Mb/s.", spec: "13.4.2" },
  RAL0: { at: 0x5400, width: 32, access: "rw", reset: swap(Math.floor(mac / 0x10000)), doc: "Receive address 0, bytes 0 to 3.", spec: "13.5.2" },
  RAH0: { at: 0x5404, width: 32, access: "rw", reset: (0x8000_0000 | (swap(mac % 0x10000) >>> 16)) >>> 0, doc: "Receive address 0, bytes 4 and 5; valid.", spec: "13.5.3" },
});

const IDS = {
  vendor: 0x8086,
  device: 0x100e,
  revision: 3,
  classCode: 0x020000,
  subsystemVendor: 0x1af4,
  subsystem: 0x1100,
} as const;

export function e1000({ arena, name, quirks, options }: DeviceParts): Device {
  const map = e1000Registers(options["mac"] ?? DEFAULT_MAC);
  const bank = new RegisterBank(arena, { name, map, size: MEMORY_BYTES, blank: 0 });
  const ports = new AddressDataPorts(arena, { registers: bank, size: PORT_BYTES });
  const fn = new PciFunction(arena, {
    name,
    ids: IDS,
    quirks,
    interruptPin: 1,
    openConfiguration: quirks.on,
    rom: 256 << 10,
    bars: [bankBar(0, "mem32", bank), bankBar(1, "io", ports)],
  });
  return assemble(fn, [bank], [ports]);
}
