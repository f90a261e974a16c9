/** Looking at physical memory without touching it: no clock, no side effect, no trace. */
import { offset, type PhysicalAddress } from "../core/address";
import type { Hardware } from "./hardware";

/** One byte, or undefined where nothing answers. */
export function peekByte(machine: Hardware, address: PhysicalAddress): number | undefined {
  const decoded = machine.physical.decode(address);
  const at = decoded.at + (address - decoded.start);
  if (decoded.kind === "memory") return (decoded.memory.readWord(at - (at % 4)) >>> ((at % 4) * 8)) & 0xff;
  return decoded.io.name === "nothing" ? undefined : decoded.io.peek(at, 1);
}

/** Little-endian, unsigned; bytes where nothing answers read as ones. */
export function peekValue(machine: Hardware, address: PhysicalAddress, bytes: number): bigint {
  let value = 0n;
  for (let byte = bytes - 1; byte >= 0; byte--) {
    value = (value << 8n) | BigInt(peekByte(machine, offset(address, byte)) ?? 0xff);
  }
  return value;
}
