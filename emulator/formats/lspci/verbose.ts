/** One function with -v, -vv, -vvv. */
import type { SysfsDevice } from "../../linux/sysfs";
import { bridgeRanges } from "./bridge-ranges";
import { capabilities } from "./capability-list";
import { CARDBUS_BYTES, CARDBUS_CAPABILITIES, cardbusLines } from "./cardbus";
import { ConfigBytes } from "./config-bytes";
import { type Naming, subsystemOf } from "./naming";
import { regions, rom } from "./regions";
import { bits, hex, signs } from "./text";

export interface VerboseOptions {
  readonly naming: Naming;
  /** How often -v was given. */
  readonly verbosity: number;
  readonly busCentric: boolean;
}

interface Shown extends VerboseOptions {
  readonly device: SysfsDevice;
  readonly config: ConfigBytes;
}

const COMMAND = 4;
const STATUS = 6;
const BUS_MASTER = 4;
const CACHE_LINE = 0x0c;
const LATENCY = 0x0d;
const HEADER_TYPE = 0x0e;
const BIST = 0x0f;
const BRIDGE_CLASS = 0x06;
const PCI_BRIDGE = 0x0604;
const COMMAND_BITS =
  "I/O:0 Mem:1 BusMaster:2 SpecCycle:3 MemWINV:4 VGASnoop:5 ParErr:6 Stepping:7 SERR:8 FastB2B:9 DisINTx:10";
const SPEEDS = ["fast", "medium", "slow", "??"] as const;

/** The lines below the first, which `terse` prints. */
export function verboseLines(device: SysfsDevice, options: VerboseOptions): readonly string[] {
  const shown: Shown = { ...options, device, config: new ConfigBytes(device.config) };
  const type = shown.config.byte(HEADER_TYPE) & 0x7f;
  const kind = device.class >>> 8;
  if (type > 2) return [`\t!!! Unknown header type ${hex(type, 2)}`];
  const fits = type === 0 ? kind !== PCI_BRIDGE : kind >>> 8 === BRIDGE_CLASS;
  return [
    ...subsystemLine(shown),
    ...(fits ? [] : [`\t!!! Invalid class ${hex(kind, 4)} for header type ${hex(type, 2)}`]),
    ...(shown.verbosity > 1 ? controlLines(shown) : [flagsLine(shown)]),
    ...bistLine(shown),
    ...HEADERS[type as 0 | 1 | 2](shown),
    ...driverLine(device),
  ];
}

export function subsystemLine({ device, naming }: Pick<Shown, "device" | "naming">): readonly string[] {
  const ids = subsystemOf(device);
  return ids ? [`\tSubsystem: ${naming.subsystem(device, ids)}`] : [];
}

export function driverLine({ driver }: SysfsDevice): readonly string[] {
  return driver === undefined ? [] : [`\tKernel driver in use: ${driver}`];
}

function controlLines({ config, device }: Shown): readonly string[] {
  const status = config.word(STATUS);
  return [
    `\tControl: ${signs(config.word(COMMAND), COMMAND_BITS)}`,
    `\tStatus: ${signs(status, "Cap:4 66MHz:5 UDF:6 FastB2B:7 ParErr:8")} DEVSEL=${SPEEDS[bits(status, 10, 9)]} ${signs(status, ">TAbort:11 <TAbort:12 <MAbort:13 >SERR:14 <PERR:15 INTx:3")}`,
    ...(config.word(COMMAND) & BUS_MASTER ? [latencyLine(config)] : []),
    ...interruptLine(config, device),
  ];
}

/** Quarters of a microsecond in the registers; cache lines in words of four bytes. */
function latencyLine(config: ConfigBytes): string {
  const endpoint = (config.byte(HEADER_TYPE) & 0x7f) === 0;
  const [least, most] = endpoint ? [config.byte(0x3e), config.byte(0x3f)] : [0, 0];
  const limits = [...(least ? [`${least * 250}ns min`] : []), ...(most ? [`${most * 250}ns max`] : [])];
  const range = limits.length ? ` (${limits.join(", ")})` : "";
  const line = config.byte(CACHE_LINE);
  const cache = line ? `, Cache Line Size: ${line * 4} bytes` : "";
  return `\tLatency: ${config.byte(LATENCY)}${range}${cache}`;
}

function interruptLine(config: ConfigBytes, { irq }: SysfsDevice): readonly string[] {
  const pin = config.byte(0x3d);
  if (!pin && !irq) return [];
  const letter = pin ? String.fromCharCode("A".charCodeAt(0) + pin - 1) : "?";
  return [`\tInterrupt: pin ${letter} routed to IRQ ${irq}`];
}

function flagsLine({ config, device }: Shown): string {
  const [command, status] = [config.word(COMMAND), config.word(STATUS)];
  const words = [
    command & BUS_MASTER && "bus master",
    command & 0x20 && "VGA palette snoop",
    command & 0x80 && "stepping",
    command & 0x200 && "fast Back2Back",
    status & 0x20 && "66MHz",
    status & 0x40 && "user-definable features",
    `${SPEEDS[bits(status, 10, 9)]} devsel`,
    command & BUS_MASTER && `latency ${config.byte(LATENCY)}`,
    device.irq !== 0 && `IRQ ${device.irq}`,
  ];
  return `\tFlags: ${words.filter(Boolean).join(", ")}`;
}

function bistLine({ config }: Shown): readonly string[] {
  const bist = config.byte(BIST);
  if (!(bist & 0x80)) return [];
  return [bist & 0x40 ? "\tBIST is running" : `\tBIST result: ${hex(bist & 15, 2)}`];
}

function deviceHeader(shown: Shown): readonly string[] {
  return [...regions(shown, 6), ...rom(shown, 0x30), ...capabilities(shown, 0x34)];
}

function bridgeHeader(shown: Shown): readonly string[] {
  const { config, verbosity } = shown;
  const bus = (at: number) => hex(config.byte(at), 2);
  return [
    ...regions(shown, 2),
    `\tBus: primary=${bus(0x18)}, secondary=${bus(0x19)}, subordinate=${bus(0x1a)}, sec-latency=${config.byte(0x1b)}`,
    ...bridgeRanges(shown),
    ...(verbosity > 1 ? [secondaryStatus(config.word(0x1e))] : []),
    ...rom(shown, 0x38),
    ...(verbosity > 1 ? bridgeControl(config.word(0x3e)) : []),
    ...capabilities(shown, 0x34),
  ];
}

function cardbusHeader(shown: Shown): readonly string[] {
  const { config, verbosity } = shown;
  return [
    ...regions(shown, 1),
    ...cardbusLines(config, verbosity),
    ...(config.length < CARDBUS_BYTES ? [] : capabilities(shown, CARDBUS_CAPABILITIES)),
  ];
}

/** By header type. */
const HEADERS = { 0: deviceHeader, 1: bridgeHeader, 2: cardbusHeader } as const;

function secondaryStatus(status: number): string {
  return `\tSecondary status: ${signs(status, "66MHz:5 FastB2B:7 ParErr:8")} DEVSEL=${SPEEDS[bits(status, 10, 9)]} ${signs(status, ">TAbort:11 <TAbort:12 <MAbort:13 <SERR:14 <PERR:15")}`;
}

function bridgeControl(control: number): readonly string[] {
  return [
    `\tBridgeCtl: ${signs(control, "Parity:0 SERR:1 NoISA:2 VGA:3 VGA16:4 MAbort:5 >Reset:6 FastB2B:7")}`,
    `\t\t${signs(control, "PriDiscTmr:8 SecDiscTmr:9 DiscTmrStat:10 DiscTmrSERREn:11")}`,
  ];
}
