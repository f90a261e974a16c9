/** Vendor-specific capabilities: virtio's (Virtual I/O Device 1.2, 4.1.4) and those nobody knows. */
import type { Capability, Decoder } from "../capability";
import { bits, hex } from "../text";

const VIRTIO_VENDOR = 0x1af4;
const VIRTIO_KINDS = ["<unknown>", "CommonCfg", "Notify", "ISR", "DeviceCfg"] as const;
const NOTIFY = 2;
const STRUCTURE_BYTES = 16;

export const vendorSpecific: Decoder = (capability) => {
  const { device, flags } = capability;
  const virtio = device.vendor === VIRTIO_VENDOR && device.device >= 0x1000 && device.device <= 0x107f;
  const length = bits(flags, 7, 0);
  if (virtio && length >= STRUCTURE_BYTES) return virtioStructure(capability);
  return [`Vendor Specific Information: Len=${hex(length, 2)} <?>`];
};

function virtioStructure({ config, at, flags }: Capability): readonly string[] {
  const kind = bits(flags, 15, 8);
  const number = (offset: number) => hex(config.long(at + offset), 8);
  const multiplier =
    kind === NOTIFY && bits(flags, 7, 0) >= STRUCTURE_BYTES + 4 ? ` multiplier=${number(16)}` : "";
  return [
    `Vendor Specific Information: VirtIO: ${VIRTIO_KINDS[kind] ?? "<unknown>"}`,
    `\t\tBAR=${config.byte(at + 4)} offset=${number(8)} size=${number(12)}${multiplier}`,
  ];
}
