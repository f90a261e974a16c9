/**
 * PCIe root ports with a slot. `rootPort` is a plain one, whose slot only tells that a card or its link came or went; `pcieRootPort` is QEMU's (1b36:000c, docs/pcie.txt): slot with
 * power control and interlock, MSI-X in a BAR of its own, error reporting, access control.
 * Not modelled: what access control would refuse.
 */
import { bankBar } from "../pci/bar";
import { Bridge } from "../pci/bridge";
import { errorReporting } from "../pci/capabilities/error-reporting";
import { express } from "../pci/capabilities/express";
import { msi } from "../pci/capabilities/msi";
import { Msix } from "../pci/capabilities/msix";
import { accessControl, subsystem } from "../pci/capabilities/small";
import { assemble, type Device, type DeviceParts } from "../pci/device";

const IDS = { vendor: 0x1b36, device: 0x000c, revision: 0, classCode: 0x060400 } as const;
const MSIX_BYTES = 4096;
/** 16 GT/s on 32 lanes; says whether the link is active. */
const FAST = { capabilities: 0x0030_0604, status: 0x0204 } as const;
/** 2.5 GT/s on one lane; says whether the link is active. */
const UP_OR_DOWN = { capabilities: 0x0010_0011, status: 0x11 } as const;
const SPEEDS = { supported: 0x1e, target: 4 } as const;
const ALL_CONTROLS = 0x5f;

export function rootPort({ arena, name, quirks, options }: DeviceParts): Device {
  const slot = options["slot"];
  const bridge = new Bridge(arena, {
    name,
    ids: IDS,
    express: true,
    quirks,
    interruptPin: 1,
    nativeHotPlug: true,
    capabilities: [
      express(0x54, {
        type: "root-port",
        retryVisible: true,
        link: UP_OR_DOWN,
        ...(slot && { slot: { number: slot } }),
      }),
      msi(0x90),
    ],
  });
  return { function: bridge, banks: [], reset: () => bridge.reset() };
}

export function pcieRootPort({ arena, name, quirks, options }: DeviceParts): Device {
  const msix = new Msix({ vectors: 1, table: { bar: 0, at: 0 }, pending: { bar: 0, at: 0x800 } });
  const bank = msix.bank(arena, { name, size: MSIX_BYTES });
  const link = { link: FAST, speeds: SPEEDS, ariForwarding: true };
  const slot = { number: options["slot"] ?? 0, equipped: true };
  const bridge = new Bridge(arena, {
    name,
    ids: IDS,
    express: true,
    quirks,
    interruptPin: 1,
    openConfiguration: quirks.on,
    windowsAtReset: "closed",
    nativeHotPlug: options["native"] === 1,
    bars: [bankBar(0, "mem32", bank)],
    msix,
    capabilities: [
      express(0x54, { type: "root-port", slot, ...link }),
      msix.capability(0x48),
      subsystem(0x40, { vendor: IDS.vendor, device: 0 }),
      errorReporting(0x100, { root: true, maskable: !quirks.on }),
      accessControl(0x148, ALL_CONTROLS),
    ],
  });
  return assemble(bridge, [bank]);
}
