/**
 * A PCIe root port with a slot, under QEMU's identifiers (1b36:000c).
 * Not modelled: QEMU's BAR 0 with the MSI-X table, slot events, error registers.
 */
import { Bridge } from "../pci/bridge";
import { express } from "../pci/capabilities/express";
import type { Device, DeviceParts } from "../pci/device";

export function rootPort({ arena, name, options }: DeviceParts): Device {
  const bridge = new Bridge(arena, {
    name,
    ids: { vendor: 0x1b36, device: 0x000c, revision: 0, classCode: 0x060400 },
    express: true,
    capabilities: [express(0x54, { type: "root-port", slot: options["slot"] ?? 0 })],
  });
  return { function: bridge, banks: [], reset: () => bridge.reset() };
}
