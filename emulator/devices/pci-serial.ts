/**
 * A 16550A serial port behind an I/O BAR (TI PC16550D datasheet), under QEMU's identifiers (1b36:0002).
 * Not modelled: sending, receiving, baud rate, interrupts: the transmitter is always empty, nothing ever arrives.
 */
import { RegisterBank } from "../core/register-bank";
import { defineRegisters } from "../core/register-map";
import { bankBar } from "../pci/bar";
import { assemble, type Device, type DeviceParts } from "../pci/device";
import { PciFunction } from "../pci/function";

// biome-ignore format: a table, as in the datasheet
export const serialRegisters = defineRegisters({
  RBR: { at: 0, width: 8, access: "ro", doc: "Receiver buffer. Writing is the transmitter's holding register.", spec: "8.1" },
  IER: { at: 1, width: 8, access: "ro", doc: "Interrupt enable.", spec: "8.7", fields: { CAUSES: { bits: [3, 0], access: "rw", doc: "Received, empty, line, modem." } } },
  IIR: { at: 2, width: 8, access: "ro", reset: 1, doc: "Interrupt identification: 1 is none.", spec: "8.6" },
  LCR: { at: 3, width: 8, access: "rw", doc: "Line control.", spec: "8.3" },
  MCR: { at: 4, width: 8, access: "ro", reset: 8, doc: "Modem control.", spec: "8.8", fields: { LINES: { bits: [4, 0], access: "rw", doc: "DTR, RTS, OUT1, OUT2, loopback." } } },
  LSR: { at: 5, width: 8, access: "ro", reset: 0x60, doc: "Line status: transmitter empty.", spec: "8.4" },
  MSR: { at: 6, width: 8, access: "ro", reset: 0xb0, doc: "Modem status.", spec: "8.9" },
  SCR: { at: 7, width: 8, access: "rw", doc: "Scratch.", spec: "8.10" },
});

const IDS = {
  vendor: 0x1b36,
  device: 0x0002,
  revision: 1,
  classCode: 0x070002,
  subsystemVendor: 0x1af4,
  subsystem: 0x1100,
} as const;

export function pciSerial({ arena, name, quirks }: DeviceParts): Device {
  const bank = new RegisterBank(arena, { name, map: serialRegisters, size: 8 });
  const declared = { name, ids: IDS, quirks, interruptPin: 1, openConfiguration: quirks.on };
  return assemble(new PciFunction(arena, { ...declared, bars: [bankBar(0, "io", bank)] }), [bank]);
}
