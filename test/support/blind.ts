/**
 * Takes out of a boot's texts every address that Linux chose: what is left is the machine before Linux placed anything.
 * Type bits and bus numbers stay; so does the log up to the first decision, and of the maps what is no PCI.
 */
import { parseDump } from "../../emulator/formats/dump";
import { parseProc, platformOf } from "../../emulator/formats/proc";
import { formatBdf } from "../../emulator/pci/bdf";
import type { Texts } from "./golden";

const DECISION = /add_size|: (re)?assigned|can't assign|failed to assign|No\. \d+ try|releasing/;
const BRIDGE = 1;

export function blind(texts: Texts): Texts {
  return {
    "lspci-xxxx.txt": blindDump(texts["lspci-xxxx.txt"] ?? ""),
    "dmesg-pci.txt": beforeDecisions(texts["dmesg-pci.txt"] ?? ""),
    "iomem.txt": platformText(texts["iomem.txt"] ?? ""),
    "ioports.txt": platformText(texts["ioports.txt"] ?? ""),
  };
}

function blindDump(dump: string): string {
  return parseDump(dump)
    .map(({ bdf, bytes }) => {
      const wiped = Uint8Array.from(bytes);
      if (wiped[0] !== 0xff || wiped[1] !== 0xff) wipe(wiped);
      return `${formatBdf(bdf)} \n${hexDump(wiped)}\n`;
    })
    .join("");
}

function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const pairs = [...bytes.subarray(at, at + 16)].map((byte) => byte.toString(16).padStart(2, "0"));
    lines.push(`${at.toString(16).padStart(2, "0")}: ${pairs.join(" ")}\n`);
  }
  return lines.join("");
}

/** Decode and bus master off; every BAR, ROM and window without an address. */
function wipe(bytes: Uint8Array): void {
  const bridge = ((bytes[0x0e] ?? 0) & 0x7f) === BRIDGE;
  bytes[4] = (bytes[4] ?? 0) & ~7;
  wipeBars(bytes, bridge ? 0x18 : 0x28);
  bytes.fill(0, bridge ? 0x38 : 0x30, bridge ? 0x3c : 0x34);
  if (bridge) wipeWindows(bytes);
}

function wipeBars(bytes: Uint8Array, end: number): void {
  for (let at = 0x10; at < end; at += 4) {
    const low = bytes[at] ?? 0;
    const wide = !(low & 1) && (low & 6) === 4 && at + 4 < end;
    bytes.fill(0, at, at + (wide ? 8 : 4));
    bytes[at] = low & (low & 1 ? 3 : 15);
    if (wide) at += 4;
  }
}

function wipeWindows(bytes: Uint8Array): void {
  const [ioBase = 0, ioLimit = 0] = bytes.subarray(0x1c, 0x1e);
  if (ioBase | ioLimit) bytes.set([0xf0 | (ioBase & 15), ioLimit & 15], 0x1c);
  bytes.set([0xf0, 0xff, 0, 0], 0x20);
  const kind = (bytes[0x24] ?? 0) & 15;
  if (bytes.subarray(0x24, 0x28).some((byte) => byte)) bytes.set([0xf0 | kind, 0xff, kind, 0], 0x24);
  bytes.fill(0, 0x28, 0x34);
}

function beforeDecisions(log: string): string {
  const lines = log.split("\n");
  const first = lines.findIndex((line) => DECISION.test(line));
  return first < 0 ? log : `${lines.slice(0, first).join("\n")}\n`;
}

function platformText(map: string): string {
  const digits = (value: number) => value.toString(16);
  return platformOf(parseProc(map))
    .map(({ start, end, name }) => `${digits(start)}-${digits(end)} : ${name}\n`)
    .join("");
}
