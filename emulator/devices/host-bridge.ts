/**
 * The host bridge as configuration space shows it, under the identifiers of Intel's Q35 (8086:29c0). What it forwards
 * is in the machine's description.
 * Not modelled: PCIEXBAR, PAM and the other registers of the chipset.
 */
import type { Device, DeviceParts } from "../pci/device";
import { PciFunction } from "../pci/function";

export function hostBridge({ arena, name }: DeviceParts): Device {
  const fn = new PciFunction(arena, {
    name,
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
