/** The header that AER logged, taken apart (PCIe Base Specification 2.2.1, 2.2.4, 7.8.4.8). */
import { digits, hex } from "../core/hex";
import type { PciFunction } from "../pci/function";

// biome-ignore format: a table, as in the specification
const TYPES: Readonly<Record<number, string>> = {
  0: "MRd", 32: "MRd (64-bit address)", 64: "MWr", 96: "MWr (64-bit address)",
  2: "IORd", 66: "IOWr", 4: "CfgRd0", 68: "CfgWr0", 5: "CfgRd1", 69: "CfgWr1",
  10: "Cpl", 74: "CplD",
};
const WORDS = [0, 1, 2, 3];
const LONG = 0x20;

export function tlpNotes(fn: PciFunction, at: number): readonly string[] {
  const { config } = fn;
  const first = config.map["AER_HEADER_LOG_0"]?.at;
  const status = config.map["AER_UNCOR_STATUS"];
  if (first === undefined || !status || at < status.at || at >= first + 16) return [];
  const header = WORDS.map((word) => wire(config.value(`AER_HEADER_LOG_${word}`)));
  if (header.every((word) => word === 0)) return [];
  return [
    `The packet that was the first error: ${packet(header)}. TLP Header: ${header.map((it) => digits(it, 8)).join(" ")}`,
  ];
}

/** Bytes of a header go on the wire with the highest first. */
function wire(word: number): number {
  return (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

function packet([first = 0, second = 0, third = 0, fourth = 0]: readonly number[]): string {
  const kind = first >>> 24;
  const words = first & 0x3ff || 1024;
  const id = second >>> 16;
  const requester = `${digits(id >>> 8, 2)}:${digits((id >>> 3) & 31, 2)}.${id & 7}`;
  const address = kind & LONG ? (BigInt(third) << 32n) | BigInt(fourth & ~3) : BigInt((third & ~3) >>> 0);
  const enables = `byte enables ${(second & 15).toString(2).padStart(4, "0")}/${((second >>> 4) & 15).toString(2).padStart(4, "0")}`;
  return `${TYPES[kind] ?? `type ${hex(kind)}`} of ${words} word${words === 1 ? "" : "s"} at ${hex(address)} by ${requester}, tag ${(second >>> 8) & 0xff}, ${enables}`;
}
