/** Who a function is and what its header says, from the lines of `lspci -v…`. */
import type { PciNames } from "../pci-names";

interface Told {
  /** What stands behind the address in the first line. */
  readonly title: string;
  readonly lines: readonly string[];
  readonly names: PciNames;
}

/** What a text that has only names can leave open: an identifier of nobody. */
const NOBODY = 0xfffe;
const PCI_BRIDGE = 0x0604;
const CARDBUS_BRIDGE = 0x0607;

const COMMAND = [
  "I/O",
  "Mem",
  "BusMaster",
  "SpecCycle",
  "MemWINV",
  "VGASnoop",
  "ParErr",
  "Stepping",
  "SERR",
  "FastB2B",
  "DisINTx",
];
const STATUS: readonly (readonly [mark: string, bit: number])[] = [
  ["INTx", 3],
  ["Cap", 4],
  ["66MHz", 5],
  ["UDF", 6],
  ["FastB2B", 7],
  ["ParErr", 8],
  [">TAbort", 11],
  ["<TAbort", 12],
  ["<MAbort", 13],
  [">SERR", 14],
  ["<PERR", 15],
];
const BRIDGE_CONTROL: readonly (readonly [mark: string, bit: number])[] = [
  ["Parity", 0],
  ["SERR", 1],
  ["NoISA", 2],
  ["VGA", 3],
  ["VGA16", 4],
  ["MAbort", 5],
  [">Reset", 6],
  ["FastB2B", 7],
  ["PriDiscTmr", 8],
  ["SecDiscTmr", 9],
  ["DiscTmrStat", 10],
  ["DiscTmrSERREn", 11],
];
const DEVSEL = ["fast", "medium", "slow"];

/** Fills the header but its addresses. */
export function readIdentity(space: DataView, told: Told): void {
  const { title, lines } = told;
  const ids = identifiers(told);
  space.setUint16(0, ids.vendor, true);
  space.setUint16(2, ids.device, true);
  space.setUint8(8, hexIn(title, /\(rev ([0-9a-f]{2})/i));
  space.setUint8(9, hexIn(title, /\(prog-if ([0-9a-f]{2})/i));
  space.setUint16(10, ids.class, true);
  const line = (start: string) => lines.find((it) => it.startsWith(start)) ?? "";
  space.setUint16(4, commandOf(line("Control: "), lines), true);
  space.setUint16(6, statusOf(line("Status: ")), true);
  const header = ids.class === PCI_BRIDGE || line("Bus: primary=") ? 1 : 0;
  space.setUint8(0x0e, ids.class === CARDBUS_BRIDGE ? 2 : header);
  readInterrupt(space, lines);
  space.setUint8(0x0c, cacheLine(line("Latency: ")));
  space.setUint8(0x0d, Number(/Latency: (\d+)/i.exec(line("Latency: "))?.[1] ?? 0) & 0xff);
  if (header === 1) readBridge(space, lines);
  else readSubsystem(space, line("Subsystem: "));
}

/** `[8086:10d3]`, `8086:10d3`, or a name that the list knows. */
function identifiers({ title, names }: Told): { vendor: number; device: number; class: number } {
  const [plainClass = "", plainIds = ""] =
    /^(?:Class )?([0-9a-f]{4}): ([0-9a-f]{4}:[0-9a-f]{4})/i.exec(title)?.slice(1) ?? [];
  const both = /^[^[]*\[([0-9a-f]{4})\]: .*\[([0-9a-f]{4}:[0-9a-f]{4})\]/i.exec(title)?.slice(1) ?? [];
  const ids = both[1] ?? plainIds;
  const [className = "", rest = ""] = title.split(/(?: \[[0-9a-f]{4}\])?: (.*)/s, 2);
  const code = both[0] ?? plainClass;
  const named = names.find(rest.replace(/ \((rev|prog-if).*$/, ""));
  const [vendor, device] = ids ? ids.split(":").map((it) => Number.parseInt(it, 16)) : [];
  return {
    vendor: vendor ?? named?.vendor ?? NOBODY,
    device: device ?? named?.device ?? NOBODY,
    class: code ? Number.parseInt(code, 16) : (names.findClass(className) ?? 0xff00),
  };
}

/** `-v` says only who is bus master, and by `[disabled]` what does not decode. */
function commandOf(control: string, lines: readonly string[]): number {
  const bits = COMMAND.reduce((all, name, bit) => all | (control.includes(` ${name}+`) ? 1 << bit : 0), 0);
  if (control) return bits;
  const flags = lines.find((it) => it.startsWith("Flags: ")) ?? "";
  const decodes = (start: RegExp) => lines.some((it) => start.test(it) && !it.includes("[disabled]"));
  return (
    (decodes(/^I\/O ports at [0-9a-f]/) ? 1 : 0) |
    (decodes(/^Memory at [0-9a-f]/) ? 2 : 0) |
    (flags.includes("bus master") ? 4 : 0)
  );
}

function statusOf(status: string): number {
  const marks = STATUS.reduce((all, [name, bit]) => all | (status.includes(`${name}+`) ? 1 << bit : 0), 0);
  const speed = DEVSEL.indexOf(/DEVSEL=(\w+)/.exec(status)?.[1] ?? "fast");
  return marks | (Math.max(0, speed) << 9);
}

function readInterrupt(space: DataView, lines: readonly string[]): void {
  const text = lines.find((it) => /^Interrupt: pin|^Flags: .*IRQ/.test(it)) ?? "";
  const pin = " ABCD".indexOf(/pin ([A-D])/.exec(text)?.[1] ?? " ");
  const line = Number(/IRQ (\d+)/.exec(text)?.[1] ?? 0);
  space.setUint8(0x3c, line & 0xff);
  space.setUint8(0x3d, pin);
}

function cacheLine(text: string): number {
  return Number(/Cache Line Size: (\d+)/.exec(text)?.[1] ?? 0) / 4;
}

function readBridge(space: DataView, lines: readonly string[]): void {
  const bus = lines.find((it) => it.startsWith("Bus: primary=")) ?? "";
  for (const [index, name] of ["primary", "secondary", "subordinate"].entries())
    space.setUint8(0x18 + index, hexIn(bus, new RegExp(`${name}=([0-9a-f]{2})`, "i")));
  const control = lines
    .slice(lines.findIndex((it) => it.startsWith("BridgeCtl: ")))
    .slice(0, 2)
    .join(" ");
  if (!control.startsWith("BridgeCtl: ")) return;
  const set = BRIDGE_CONTROL.filter(([name]) => control.includes(` ${name}+`));
  const value = set.reduce((all, [, bit]) => all | (1 << bit), 0);
  space.setUint16(0x3e, value, true);
}

function readSubsystem(space: DataView, text: string): void {
  const [, vendor = "0", device = "0"] = /\[?([0-9a-f]{4}):([0-9a-f]{4})\]?$/i.exec(text) ?? [];
  space.setUint16(0x2c, Number.parseInt(vendor, 16), true);
  space.setUint16(0x2e, Number.parseInt(device, 16), true);
}

function hexIn(text: string, pattern: RegExp): number {
  return Number.parseInt(pattern.exec(text)?.[1] ?? "0", 16);
}
