/** The kinds of devices that a machine's description can name. */
import { Edu } from "../devices/edu";
import { hostBridge } from "../devices/host-bridge";
import { ivshmem } from "../devices/ivshmem";
import { Recorded } from "../devices/recorded";
import { rootPort } from "../devices/root-port";
import type { Device, DeviceParts } from "../pci/device";

export const catalogue: ReadonlyMap<string, (parts: DeviceParts) => Device> = new Map<
  string,
  (parts: DeviceParts) => Device
>([
  ["host-bridge", hostBridge],
  ["root-port", rootPort],
  ["edu", (parts) => new Edu(parts)],
  ["ivshmem", ivshmem],
  ["recorded", (parts) => new Recorded(parts)],
]);
