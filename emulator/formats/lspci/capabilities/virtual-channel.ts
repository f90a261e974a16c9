/** Virtual Channel (PCIe Base Specification 7.9.1). */
import type { Capability, Decoder } from "../capability";
import { bits, hex, sign, signs } from "../text";

const CLOCKS = ["100ns", "??1", "??2", "??3"] as const;
const PORT_SELECTS = ["Fixed", "WRR32", "WRR64", "WRR128", "??4", "??5", "??6", "??7"] as const;
const CHANNEL_SELECTS = ["Fixed", "WRR32", "WRR64", "WRR128", "TWRR128", "WRR256", "??6", "??7"] as const;
const PORT_ARBITERS = "Fixed:0 WRR32:1 WRR64:2 WRR128:3";

export const virtualChannel: Decoder = (capability) => {
  const { config, at } = capability;
  const [first, second] = [config.long(at + 4), config.long(at + 8)];
  const channels = Array.from({ length: bits(first, 2, 0) + 1 }, (_, index) => channel(capability, index));
  const table = bits(second, 31, 24);
  return [
    "Virtual Channel",
    `\t\tCaps:\tLPEVC=${bits(first, 6, 4)} RefClk=${CLOCKS[bits(first, 9, 8)]} PATEntryBits=${1 << bits(first, 11, 10)}`,
    `\t\tArb:\t${signs(second, PORT_ARBITERS)}${strangers(second, 4)}`,
    `\t\tCtrl:\tArbSelect=${PORT_SELECTS[bits(config.word(at + 12), 3, 1)]}`,
    `\t\tStatus:\t${signs(config.word(at + 14), "InProgress:0")}`,
    ...(table ? [`\t\tPort Arbitration Table [${hex(at + table * 16)}] <?>`] : []),
    ...channels.flat(),
  ];
};

function channel({ config, at }: Capability, index: number): readonly string[] {
  const base = at + 16 + index * 12;
  const [able, control, status] = [config.long(base), config.long(base + 4), config.word(base + 10)];
  return [
    `\t\tVC${index}:\tCaps:\tPATOffset=${hex(able >>> 24, 2)} MaxTimeSlots=${bits(able, 22, 16) + 1} RejSnoopTrans${sign(able, 15)}`,
    `\t\t\tArb:\t${signs(able, `${PORT_ARBITERS} TWRR128:4 WRR256:5`)}${strangers(able, 6)}`,
    `\t\t\tCtrl:\tEnable${sign(control, 31)} ID=${bits(control, 26, 24)} ArbSelect=${CHANNEL_SELECTS[bits(control, 19, 17)]} TC/VC=${hex(control & 0xff, 2)}`,
    `\t\t\tStatus:\t${signs(status, "NegoPending:1 InProgress:0")}`,
    ...(able >>> 24 ? ["\t\t\tPort Arbitration Table <?>"] : []),
  ];
}

/** Arbiters without a name, up to bit 7. */
function strangers(value: number, from: number): string {
  return Array.from({ length: 8 - from }, (_, index) => index + from)
    .map((bit) => ((value >>> bit) & 1 ? ` ??${bit}+` : ""))
    .join("");
}
