/** What a transaction of the trace went to, by name. */

import { physical } from "../core/address";
import { hex } from "../core/hex";
import type { Transaction } from "../core/transaction";
import { bdf, formatBdf } from "../pci/bdf";
import { ECAM_BYTES } from "../pci/config-access";
import type { Machine } from "./machine";
import type { Lane } from "./trace-views";
import { findAt } from "./watch-target";

/** `rp0.config.COMMAND`, by the bus numbers as they are now. */
function inConfiguration(machine: Machine, address: bigint): string {
  const place = Number(address);
  const at = bdf({
    segment: Math.floor(place / ECAM_BYTES),
    bus: (place >>> 20) & 0xff,
    device: (place >>> 15) & 31,
    function: (place >>> 12) & 7,
  });
  const fn = machine.root.functionAt(at);
  const register = place & 0xfff;
  const who = at.segment === 0 ? formatBdf(at).slice("0000:".length) : formatBdf(at);
  return fn
    ? findAt(machine, `config:${fn.name}`, register).text
    : `${who} ${hex(register)}, where nothing is`;
}

function inMemory(machine: Machine, address: bigint): string {
  const cpu = machine.root.toCpu("memory", address as Parameters<typeof machine.root.toCpu>[1]);
  const at = physical(cpu ?? Number(address));
  return machine.physical.ramOffset(at) === undefined ? findAt(machine, "memory", at).text : "RAM";
}

/** `edu.FACTORIAL`, `rp0.config.COMMAND`, `RAM`. */
export function placeNamed(machine: Machine, lane: Lane, { address }: Transaction): string {
  if (lane === "config") return inConfiguration(machine, address);
  if (lane === "port") return findAt(machine, "port", Number(address)).text;
  return lane === "interrupt" ? "message interrupt" : inMemory(machine, address);
}
