/** HyperTransport (I/O Link Specification 3.10, 7). */
import type { Capability, Decoder } from "../capability";
import { bits, hex, signs } from "../text";

const HOST = 1;
const NAMES: Readonly<Record<number, string>> = {
  8: "Switch",
  16: "Interrupt Discovery and Configuration",
  18: "UnitID Clumping",
  19: "Extended Configuration Space Access",
  20: "Address Mapping",
  22: "DirectRoute",
  23: "VCSet",
  24: "Retry Mode",
  25: "X86 (reserved)",
};
const REVISION = 0x11;
const MSI_MAPPING = 0x15;
const WIDTHS = ["8bit", "16bit", "[2]", "32bit", "2bit", "4bit", "[6]", "N/C"] as const;
const FREQUENCIES = [
  "200MHz",
  "300MHz",
  "400MHz",
  "500MHz",
  "600MHz",
  "800MHz",
  "1.0GHz",
  "1.2GHz",
  "1.4GHz",
  "1.6GHz",
] as const;
/** A host says so in its features. */
const EXTENDED_SET = 0x100;
/** Of a frequency. */
const VENDOR = 15;
/** lspci looks at the lower eight bits alone. */
const FREQUENCY_FLAGS = `${FREQUENCIES.map((name, bit) => `${name}:${bit}`).join(" ")} Vend:15`;
const ERRORS =
  "PFlE:0 OFlE:1 PFE:2 OFE:3 EOCFE:4 RFE:5 CRCFE:6 SERRFE:7 CF:8 RE:9 PNFE:10 ONFE:11 EOCNFE:12 RNFE:13 CRCNFE:14 SERRNFE:15";
const FEATURES = "IsocFC:0 LDTSTOP:1 CRCTM:2 ECTLT:3 64bA:4 UIDRD:5";
/** Revision 1.02 brought frequencies, errors and the upper halves. */
const LONG_FORM = 0x22;

export const hypertransport: Decoder = (capability) => {
  const { flags } = capability;
  const kind = bits(flags, 15, 13);
  if (kind === 0) return slave(capability);
  if (kind === HOST) return host(capability);
  const type = bits(flags, 15, 11);
  if (type === REVISION) return [`HyperTransport: Revision ID: ${revision(flags & 0xff)}`];
  if (type === MSI_MAPPING) return msiMapping(capability);
  return [`HyperTransport: ${NAMES[type] ?? `#${hex(type, 2)}`}`];
};

function msiMapping({ config, at, flags }: Capability): readonly string[] {
  const heading = `HyperTransport: MSI Mapping ${signs(flags, "Enable:0 Fixed:1")}`;
  if (flags & 2) return [heading];
  const low = (config.long(at + 4) & 0xfff00000) >>> 0;
  return [heading, `\t\tMapping Address Base: ${hex(config.long(at + 8), 8)}${hex(low, 8)}`];
}

function slave(capability: Capability): readonly string[] {
  const { config, at, flags } = capability;
  const id = config.byte(at + 12);
  const long = id >= LONG_FORM;
  const late = long ? ` ${signs(flags, "DUL:12")}` : "";
  return [
    "HyperTransport: Slave or Primary Interface",
    `\t\tCommand: BaseUnitID=${flags & 31} UnitCnt=${bits(flags, 9, 5)} ${signs(flags, "MastHost:10 DefDir:11")}${late}`,
    ...link(capability, { offset: 4, number: " 0", long }),
    ...link(capability, { offset: 8, number: " 1", long }),
    `\t\tRevision ID: ${revision(id)}`,
    ...(long ? slaveLinks(capability) : []),
  ];
}

function slaveLinks(capability: Capability): readonly string[] {
  const { config, at } = capability;
  return [
    ...speed(capability, { offset: 13, number: " 0" }),
    `\t\tFeature Capability: ${signs(config.byte(at + 16), FEATURES)}`,
    ...speed(capability, { offset: 17, number: " 1" }),
    ...errors(capability, 22),
    `\t\tBus Number: ${hex(config.byte(at + 26), 2)}`,
  ];
}

function host(capability: Capability): readonly string[] {
  const { config, at, flags } = capability;
  const id = config.byte(at + 8);
  const long = id >= LONG_FORM;
  const early = `${signs(flags, "WarmRst:0 DblEnd:1")}`;
  const late = long
    ? ` DevNum=${bits(flags, 6, 2)} ${signs(flags, "ChainSide:7 HostHide:8 Slave:10 <EOCErr:11 DUL:12")}`
    : "";
  return [
    "HyperTransport: Host or Secondary Interface",
    `\t\tCommand: ${early}${late}`,
    ...link(capability, { offset: 4, number: "", long }),
    `\t\tRevision ID: ${revision(id)}`,
    ...(long ? hostLink(capability) : []),
  ];
}

function hostLink(capability: Capability): readonly string[] {
  const features = capability.config.word(capability.at + 12);
  return [
    ...speed(capability, { offset: 9, number: "" }),
    `\t\tFeature Capability: ${signs(features, `${FEATURES} ExtRS:8 UCnfE:9`)}`,
    ...(features & EXTENDED_SET ? errors(capability, 18) : []),
  ];
}

interface Link {
  readonly offset: number;
  readonly number: string;
  readonly long: boolean;
}

function link({ config, at }: Capability, { offset, number, long }: Link): readonly string[] {
  const [control, width] = [config.word(at + offset), config.word(at + offset + 2)];
  const wide = (high: number) => WIDTHS[bits(width, high, high - 2)];
  const flow = (text: string) => (long ? ` ${signs(width, text)}` : "");
  const late = long ? ` ${signs(control, "IsocEn:12 LSEn:13 ExtCTL:14 64b:15")}` : "";
  const state = signs(control, "CFlE:1 CST:2 CFE:3 <LkFail:4 Init:5 EOC:6 TXO:7");
  return [
    `\t\tLink Control${number}: ${state} <CRCErr=${hex(bits(control, 11, 8))}${late}`,
    `\t\tLink Config${number}: MLWI=${wide(2)}${flow("DwFcIn:3")} MLWO=${wide(6)}${flow("DwFcOut:7")} LWI=${wide(10)}${flow("DwFcInEn:11")} LWO=${wide(14)}${flow("DwFcOutEn:15")}`,
  ];
}

function speed(
  { config, at }: Capability,
  { offset, number }: Pick<Link, "offset" | "number">,
): readonly string[] {
  const value = config.byte(at + offset);
  const named = FREQUENCIES[value & 15] ?? ((value & 15) === VENDOR ? "Vend" : undefined);
  return [
    `\t\tLink Frequency${number}: ${named ?? `[${hex(value & 15)}]`}`,
    `\t\tLink Error${number}: ${signs(value, "<Prot:4 <Ovfl:5 <EOC:6 CTLTm:7")}`,
    `\t\tLink Frequency Capability${number}: ${signs(config.byte(at + offset + 1), FREQUENCY_FLAGS)}`,
  ];
}

function errors({ config, at }: Capability, offset: number): readonly string[] {
  const upper = [config.byte(at + offset + 2), config.byte(at + offset + 3)].map((byte) => hex(byte, 2));
  return [
    `\t\tError Handling: ${signs(config.word(at + offset), ERRORS)}`,
    `\t\tPrefetchable memory behind bridge Upper: ${upper.join("-")}`,
  ];
}

function revision(id: number): string {
  return `${bits(id, 7, 5)}.${String(bits(id, 4, 0)).padStart(2, "0")}`;
}
