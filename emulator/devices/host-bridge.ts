/**
 * The host bridge as configuration space shows it, under the identifiers of Intel's Q35 (8086:29c0). What it forwards
 * is in the machine's description.
 * PCIEXBAR (datasheet 316966, 5.1.17) is stored: firmware reads and enables it.
 * Not modelled: moving ECAM by PCIEXBAR, PAM and the other registers of the chipset.
 */
import type { RegisterMap } from "../core/register-map";
import type { Device, DeviceParts } from "../pci/device";
import { PciFunction } from "../pci/function";

const ECAM = 0xb000_0000;
const ENABLE = 1;

// biome-ignore format: a table, as in the datasheet
const chipset = (enabled: boolean): RegisterMap => ({
  PCIEXBAR: { at: 0x60, width: 64, access: "ro", reset: ECAM + (enabled ? ENABLE : 0), doc: "Where configuration space is memory-mapped.", spec: "5.1.17", fields: {
    ENABLE: { bits: 0, access: "rw", doc: "ECAM answers." },
    LENGTH: { bits: [2, 1], access: "rw", doc: "Buses.", values: { "256": 0, "128": 1, "64": 2 } },
    BASE: { bits: [35, 28], access: "rw", doc: "Address bits 35:28." },
  } },
});

export function hostBridge({ arena, name, quirks }: DeviceParts): Device {
  const fn = new PciFunction(arena, {
    name,
    quirks,
    openConfiguration: quirks.on,
    registers: chipset(!quirks.on),
    ids: {
      vendor: 0x8086,
      device: 0x29c0,
      revision: 0,
      classCode: 0x060000,
      subsystemVendor: 0x1af4,
      subsystem: 0x1100,
    },
  });
  return { function: fn, banks: [], reset: () => fn.reset() };
}
