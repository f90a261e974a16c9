/** PCI-X (PCI-X Addendum 2.0a, 7.2 and 8.6.2). */
import type { Capability, Decoder } from "../capability";
import { bits, hex, signs } from "../text";

const BRIDGE = 1;
const OUTSTANDING = [1, 2, 3, 4, 8, 12, 16, 32] as const;
const FREQUENCIES = ["conv", "66MHz", "100MHz", "133MHz"] as const;
const SECONDARY = "64bit:0 133MHz:1 SCD:2 USC:3 SCO:4 SRD:5";

export const pciX: Decoder = (capability) =>
  (capability.config.byte(0x0e) & 0x7f) === BRIDGE ? bridge(capability) : device(capability);

function device({ config, at, flags }: Capability): readonly string[] {
  const status = config.long(at + 4);
  const complexity = (status >>> 20) & 1 ? "bridge" : "simple";
  return [
    "PCI-X non-bridge device",
    `\t\tCommand: ${signs(flags, "DPERE:0 ERO:1")} RBC=${512 << bits(flags, 3, 2)} OST=${OUTSTANDING[bits(flags, 6, 4)]}`,
    `\t\tStatus: Dev=${place(status)} ${signs(status, "64bit:16 133MHz:17 SCD:18 USC:19")} DC=${complexity} DMMRBC=${512 << bits(status, 22, 21)} DMOST=${OUTSTANDING[bits(status, 25, 23)]} DMCRS=${8 << bits(status, 28, 26)} ${signs(status, "RSCEM:29 266MHz:30 533MHz:31")}`,
  ];
}

function bridge({ config, at, flags }: Capability): readonly string[] {
  const status = config.long(at + 4);
  const speed = bits(flags, 8, 6);
  const splits = (offset: number) =>
    `Capacity=${config.word(at + offset)} CommitmentLimit=${config.word(at + offset + 2)}`;
  return [
    "PCI-X bridge device",
    `\t\tSecondary Status: ${signs(flags, SECONDARY)} Freq=${FREQUENCIES[speed] ?? `?${speed}`}`,
    `\t\tStatus: Dev=${place(status)} ${signs(status, "64bit:16 133MHz:17 SCD:18 USC:19 SCO:20 SRD:21")}`,
    `\t\tUpstream: ${splits(8)}`,
    `\t\tDownstream: ${splits(12)}`,
  ];
}

/** Where the function is, as it has seen itself. */
function place(status: number): string {
  return `${hex(bits(status, 15, 8), 2)}:${hex(bits(status, 7, 3), 2)}.${status & 7}`;
}
