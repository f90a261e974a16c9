/**
 * Bridges to conventional PCI: `pcieToPci` is QEMU's PCIe-to-PCI bridge (1b36:000e), `dmiToPci` Intel's 82801 with
 * subtractive decode (8086:244e). Behind them configuration space has 256 bytes, and a request that nobody claims is a
 * master abort on the bus below.
 * Not modelled: the hot-plug controller (SHPC), MSI, discard timers, requester ids that the bridge takes over.
 */
import { RegisterBank } from "../core/register-bank";
import { bankBar } from "../pci/bar";
import { Bridge } from "../pci/bridge";
import { express, ONE_LANE } from "../pci/capabilities/express";
import { powerManagement } from "../pci/capabilities/power-management";
import { subsystem } from "../pci/capabilities/small";
import { assemble, type Device, type DeviceParts } from "../pci/device";

const SHPC_BYTES = 256;

export function pcieToPci({ arena, name, quirks }: DeviceParts): Device {
  const shpc = new RegisterBank(arena, { name, map: {}, size: SHPC_BYTES, blank: 0 });
  const bridge = new Bridge(arena, {
    name,
    ids: { vendor: 0x1b36, device: 0x000e, revision: 0, classCode: 0x060400 },
    express: true,
    quirks,
    interruptPin: 1,
    conventionalBelow: true,
    openConfiguration: quirks.on,
    bars: [bankBar(0, "mem64", shpc)],
    capabilities: [
      express(0x80, { type: "pci-bridge", link: ONE_LANE, reporting: !quirks.on }),
      powerManagement(0x60),
    ],
  });
  return assemble(bridge, [shpc]);
}

export function dmiToPci({ arena, name, quirks }: DeviceParts): Device {
  const bridge = new Bridge(arena, {
    name,
    ids: { vendor: 0x8086, device: 0x244e, revision: 0x92, classCode: 0x060401 },
    quirks,
    conventionalBelow: true,
    openConfiguration: quirks.on,
    capabilities: [subsystem(0x50, { vendor: 0, device: 0 })],
  });
  return assemble(bridge, []);
}
