/** A transaction as one line: `#12  0.001002  cpu  MWr  edu.FACTORIAL  4 bytes  0x5  posted`. */
import { bus } from "../../../../emulator/core/address";
import { hex } from "../../../../emulator/core/hex";
import type { Transaction } from "../../../../emulator/core/transaction";
import type { Machine } from "../../../../emulator/machine/machine";
import { findAt } from "../../../../emulator/machine/watch-target";

export function transactionLine(machine: Machine, transaction: Transaction): string {
  const { number, time, kind, requester, bytes, value, status } = transaction;
  const when = (time / 1e9).toFixed(9);
  return `#${number}  ${when}  ${requester}  ${kind.padEnd(6)}  ${where(machine, transaction)}  ${bytes} bytes  ${hex(value)}  ${status}`;
}

function where(machine: Machine, { kind, address }: Transaction): string {
  if (kind.startsWith("IO")) return findAt(machine, "port", Number(address)).text;
  if (kind.startsWith("Cfg")) return ofConfiguration(machine, Number(address));
  const cpu = machine.root.toCpu("memory", bus(address));
  return cpu === undefined ? hex(address) : findAt(machine, "memory", cpu).text;
}

/** Bus, device, function and register, as ECAM places them (PCIe Base Specification 7.2.2). */
function ofConfiguration(machine: Machine, at: number): string {
  const fn = machine.root.functionAt(at >>> 20, (at >>> 15) & 31, (at >>> 12) & 7);
  return fn ? findAt(machine, `config:${fn.name}`, at & 0xfff).text : hex(at);
}
