/** The lists of capabilities from the lines of `lspci -v…`: each with its identifier, and what decides about addresses. */

/** By the words that lspci begins them with (PCI Code and ID Assignment Specification 1.16). */
const STANDARD: readonly (readonly [words: string, id: number])[] = [
  ["Power Management", 0x01],
  ["AGP version", 0x02],
  ["Vital Product Data", 0x03],
  ["Slot ID", 0x04],
  ["MSI:", 0x05],
  ["CompactPCI hot-swap", 0x06],
  ["PCI-X", 0x07],
  ["HyperTransport", 0x08],
  ["Vendor Specific Information", 0x09],
  ["Debug port", 0x0a],
  ["Hot-plug capable", 0x0c],
  ["Subsystem", 0x0d],
  ["Express", 0x10],
  ["MSI-X:", 0x11],
  ["SATA HBA", 0x12],
  ["PCI Advanced Features", 0x13],
  ["Enhanced Allocation", 0x14],
];
const EXTENDED: readonly (readonly [words: string, id: number])[] = [
  ["Advanced Error Reporting", 0x01],
  ["Virtual Channel", 0x02],
  ["Device Serial Number", 0x03],
  ["Power Budgeting", 0x04],
  ["Root Complex Link", 0x05],
  ["Root Complex Event Collector", 0x07],
  ["Vendor Specific Information", 0x0b],
  ["Access Control Services", 0x0d],
  ["Alternative Routing-ID Interpretation", 0x0e],
  ["Address Translation Service", 0x0f],
  ["Single Root I/O Virtualization", 0x10],
  ["Multicast", 0x12],
  ["Page Request Interface", 0x13],
  ["Physical Resizable BAR", 0x15],
  ["Transaction Processing Hints", 0x17],
  ["Latency Tolerance Reporting", 0x18],
  ["Secondary PCI Express", 0x19],
  ["Process Address Space ID", 0x1b],
  ["Downstream Port Containment", 0x1d],
  ["L1 PM Substates", 0x1e],
  ["Precision Time Measurement", 0x1f],
  ["Designated Vendor-Specific", 0x23],
  ["Virtual Resizable BAR", 0x24],
  ["Data Link Feature", 0x25],
  ["Physical Layer 16.0 GT/s", 0x26],
  ["Lane Margining at the Receiver", 0x27],
  ["Data Object Exchange", 0x2e],
];
const PORT_TYPES: readonly (readonly [words: string, type: number])[] = [
  ["Endpoint", 0],
  ["Legacy Endpoint", 1],
  ["Root Port", 4],
  ["Upstream Port", 5],
  ["Downstream Port", 6],
  ["PCI-Express to PCI/PCI-X Bridge", 7],
  ["PCI/PCI-X to PCI-Express Bridge", 8],
  ["Root Complex Integrated Endpoint", 9],
  ["Root Complex Event Collector", 10],
];
const SPEEDS = ["2.5GT/s", "5GT/s", "8GT/s", "16GT/s", "32GT/s", "64GT/s"];
const HAS_LIST = 0x10;

interface Listed {
  readonly at: number;
  readonly version: number;
  readonly words: string;
  readonly lines: readonly string[];
}

/** Writes both lists; true where there is an Express capability. */
export function writeCapabilities(space: DataView, lines: readonly string[]): boolean {
  const listed = listOf(lines);
  const standard = listed.filter(({ at }) => at >= 0x40 && at < 0x100);
  const extended = listed.filter(({ at }) => at >= 0x100 && at < 0xff0);
  const status = space.getUint16(6, true);
  space.setUint16(6, standard.length ? status | HAS_LIST : status & ~HAS_LIST, true);
  const cardbus = (space.getUint8(0x0e) & 0x7f) === 2;
  space.setUint8(cardbus ? 0x14 : 0x34, standard[0]?.at ?? 0);
  for (const [index, capability] of standard.entries()) {
    space.setUint8(capability.at, idOf(STANDARD, capability.words) ?? 0);
    space.setUint8(capability.at + 1, standard[index + 1]?.at ?? 0);
    fill(space, capability);
  }
  for (const [index, capability] of extended.entries()) {
    const id = idOf(EXTENDED, capability.words) ?? 0;
    const next = extended[index + 1]?.at ?? 0;
    space.setUint32(capability.at, (id | (capability.version << 16) | (next << 20)) >>> 0, true);
    fillExtended(space, capability);
  }
  return standard.some(({ words }) => words.startsWith("Express"));
}

/** Each with the lines up to the next; an address that comes twice is read once. */
function listOf(lines: readonly string[]): readonly Listed[] {
  const found: { at: number; version: number; words: string; lines: string[] }[] = [];
  for (const line of lines) {
    const [, at, version = "0", words] =
      /^Capabilities: \[([0-9a-f]{2,3})(?: v(\d+))?\] (.*)$/i.exec(line) ?? [];
    if (at === undefined) found.at(-1)?.lines.push(line);
    else
      found.push({
        at: Number.parseInt(at, 16) & ~3,
        version: Number(version) & 15,
        words: words ?? "",
        lines: [],
      });
  }
  return found.filter((it, index) => found.findIndex(({ at }) => at === it.at) === index);
}

function idOf(table: typeof STANDARD, words: string): number | undefined {
  return table.find(([start]) => words.startsWith(start))?.[1];
}

function fill(space: DataView, { at, words, lines }: Listed): void {
  const text = lines.join("\n");
  if (words.startsWith("Power Management"))
    space.setUint8(at + 2, Number(/version (\d)/.exec(words)?.[1] ?? 3));
  if (words.startsWith("MSI:")) space.setUint16(at + 2, msiControl(words), true);
  if (words.startsWith("MSI-X:")) fillMsix(space, at, { words, text });
  if (words.startsWith("Express")) fillExpress(space, at, { words, text });
  const [, vendor, device] = /^Subsystem: .*\[([0-9a-f]{4}):([0-9a-f]{4})\]/i.exec(words) ?? [];
  if (vendor === undefined || device === undefined || at + 8 > 0x100) return;
  space.setUint16(at + 4, Number.parseInt(vendor, 16), true);
  space.setUint16(at + 6, Number.parseInt(device, 16), true);
}

interface Words {
  readonly words: string;
  readonly text: string;
}

function msiControl(words: string): number {
  const [, enabled = "1", most = "1"] = /Count=(\d+)\/(\d+)/.exec(words) ?? [];
  return (
    (words.includes("Enable+") ? 1 : 0) |
    (order(most) << 1) |
    (order(enabled) << 4) |
    (words.includes("64bit+") ? 0x80 : 0) |
    (words.includes("Maskable+") ? 0x100 : 0)
  );
}

function order(count: string): number {
  return Math.min(5, Math.max(0, Math.round(Math.log2(Number(count) || 1))));
}

function fillMsix(space: DataView, at: number, { words, text }: Words): void {
  const count = Number(/Count=(\d+)/.exec(words)?.[1] ?? 1);
  const enabled = words.includes("Enable+") ? 0x8000 : 0;
  space.setUint16(at + 2, ((count - 1) & 0x7ff) | enabled | (words.includes("Masked+") ? 0x4000 : 0), true);
  for (const [name, to] of [
    ["Vector table", at + 4],
    ["PBA", at + 8],
  ] as const) {
    const [, bar = "0", offset = "0"] =
      new RegExp(`${name}: BAR=(\\d) offset=([0-9a-f]+)`, "i").exec(text) ?? [];
    if (to + 4 <= 0x100)
      space.setUint32(to, ((Number.parseInt(offset, 16) & ~7) | (Number(bar) & 7)) >>> 0, true);
  }
}

/** `Express (v2) Root Port (Slot+), MSI 00`; of the lines below it the link and whether the slot is for hot-plug. */
function fillExpress(space: DataView, at: number, { words, text }: Words): void {
  const version = Number(/\(v(\d)\)/.exec(words)?.[1] ?? 2);
  const type =
    PORT_TYPES.find(([name]) => words.replace(/^Express (\(v\d\) )?/, "").startsWith(name))?.[1] ?? 0;
  const slot = words.includes("(Slot+)") ? 0x100 : 0;
  const message = Number.parseInt(/(?:MSI|IntMsgNum) ([0-9a-f]+)/i.exec(words)?.[1] ?? "0", 16) & 31;
  space.setUint16(at + 2, version | (type << 4) | slot | (message << 9), true);
  if (at + 0x16 > 0x100) return;
  const port = Number(/LnkCap:\s+Port #(\d+)/.exec(text)?.[1] ?? 0) & 0xff;
  space.setUint32(at + 0x0c, (linkIn(text, "LnkCap") | (port << 24)) >>> 0, true);
  space.setUint16(at + 0x12, linkIn(text, "LnkSta"), true);
  const hotplug = (text.includes("HotPlug+") ? 0x40 : 0) | (/SltCap:.*Surprise\+/.test(text) ? 0x20 : 0);
  const number = Number(/Slot #(\d+)/.exec(text)?.[1] ?? 0) & 0x1fff;
  space.setUint32(at + 0x14, (hotplug | (number << 19)) >>> 0, true);
}

/** `Speed 8GT/s, Width x4` */
function linkIn(text: string, register: string): number {
  const [, speed = "", width = "0"] =
    new RegExp(`${register}:.*?Speed ([0-9.]+GT/s).*?Width x(\\d+)`).exec(text) ?? [];
  return (SPEEDS.indexOf(speed) + 1) | ((Number(width) & 63) << 4);
}

function fillExtended(space: DataView, { at, words, lines }: Listed): void {
  const text = lines.join("\n");
  const serial = /^Device Serial Number ((?:[0-9a-f]{2}-){7}[0-9a-f]{2})/i.exec(words)?.[1]?.split("-") ?? [];
  for (const [index, byte] of serial.reverse().entries())
    space.setUint8(at + 4 + index, Number.parseInt(byte, 16));
  const next = /Next Function: (\d+)/.exec(text)?.[1];
  if (words.startsWith("Alternative Routing")) space.setUint8(at + 5, Number(next ?? 0) & 0xff);
  if (!words.startsWith("Single Root") || at + 0x1c > 0x1000) return;
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? 0) & 0xffff;
  space.setUint16(at + 0x0c, number(/Initial VFs: (\d+)/), true);
  space.setUint16(at + 0x0e, number(/Total VFs: (\d+)/), true);
  space.setUint16(at + 0x14, number(/VF offset: (\d+)/), true);
  space.setUint16(at + 0x16, number(/stride: (\d+)/), true);
}
