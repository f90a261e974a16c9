/** The kinds of devices that a machine's description can name. */
import { bochsDisplay } from "../devices/bochs-display";
import { Edu } from "../devices/edu";
import { hostBridge } from "../devices/host-bridge";
import { e1000 } from "../devices/intel-8254x/e1000";
import { e1000e } from "../devices/intel-8254x/e1000e";
import { ivshmem } from "../devices/ivshmem";
import { nvme } from "../devices/nvme";
import { dmiToPci, pcieToPci } from "../devices/pci-bridge";
import { pciSerial } from "../devices/pci-serial";
import { pciTestdev } from "../devices/pci-testdev";
import { Recorded } from "../devices/recorded";
import { pcieRootPort, rootPort } from "../devices/root-port";
import { seedNic } from "../devices/seed-nic";
import { downstreamPort, upstreamPort } from "../devices/switch-ports";
import { virtioRng } from "../devices/virtio-rng";
import type { Device, DeviceParts } from "../pci/device";

export const catalogue: ReadonlyMap<string, (parts: DeviceParts) => Device> = new Map<
  string,
  (parts: DeviceParts) => Device
>([
  ["host-bridge", hostBridge],
  ["root-port", rootPort],
  ["pcie-root-port", pcieRootPort],
  ["x3130-upstream", upstreamPort],
  ["xio3130-downstream", downstreamPort],
  ["pcie-pci-bridge", pcieToPci],
  ["i82801b11-bridge", dmiToPci],
  ["e1000", e1000],
  ["e1000e", e1000e],
  ["nvme", nvme],
  ["pci-serial", pciSerial],
  ["bochs-display", bochsDisplay],
  ["virtio-rng", virtioRng],
  ["pci-testdev", pciTestdev],
  ["edu", (parts) => new Edu(parts)],
  ["ivshmem", ivshmem],
  ["seed-nic", seedNic],
  ["recorded", (parts) => new Recorded(parts)],
]);
