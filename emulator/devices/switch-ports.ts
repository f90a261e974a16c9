/**
 * The ports of a PCIe switch, under the identifiers of TI's X3130 as QEMU has them: an upstream port, and downstream
 * ports with a slot each; with the option `acs`, these have access control, which a real X3130 lacks.
 * Not modelled: arbitration, multicast, what a real X3130 has besides.
 */
import { Bridge } from "../pci/bridge";
import { errorReporting } from "../pci/capabilities/error-reporting";
import { type ExpressOptions, express } from "../pci/capabilities/express";
import { msi } from "../pci/capabilities/msi";
import { accessControl, subsystem } from "../pci/capabilities/small";
import type { Device, DeviceParts } from "../pci/device";

const VENDOR = 0x104c;
/** Link Capabilities of the upstream end, and of a slot whose speed and width nobody chose. */
const UPSTREAM_LINK = { capabilities: 0x411, status: 0x11 } as const;
const ALL_CONTROLS = 0x5f;
const SLOT_LINK = { capabilities: 0x400, status: 0x11 } as const;

export function upstreamPort(parts: DeviceParts): Device {
  return port(parts, {
    device: 0x8232,
    revision: 2,
    express: { type: "upstream", functionReset: true, link: UPSTREAM_LINK },
  });
}

export function downstreamPort(parts: DeviceParts): Device {
  const slot = { number: parts.options["slot"] ?? 0, equipped: true };
  return port(parts, {
    device: 0x8233,
    revision: 1,
    express: { type: "downstream", functionReset: true, ariForwarding: true, slot, link: SLOT_LINK },
    controls: parts.options["acs"] ? ALL_CONTROLS : 0,
  });
}

interface Kind {
  readonly device: number;
  readonly revision: number;
  readonly express: ExpressOptions;
  /** Access control that it offers. */
  readonly controls?: number;
}

function port({ arena, name, quirks, options }: DeviceParts, kind: Kind): Device {
  const bridge = new Bridge(arena, {
    name,
    ids: { vendor: VENDOR, device: kind.device, revision: kind.revision, classCode: 0x060400 },
    express: true,
    quirks,
    openConfiguration: quirks.on,
    nativeHotPlug: options["native"] === 1,
    capabilities: [
      express(0x90, kind.express),
      subsystem(0x80, { vendor: 0, device: 0 }),
      msi(0x70),
      errorReporting(0x100, { port: true, maskable: !quirks.on }),
      ...(kind.controls ? [accessControl(0x148, kind.controls)] : []),
    ],
  });
  return { function: bridge, banks: [], reset: () => bridge.reset() };
}
