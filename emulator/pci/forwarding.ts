/**
 * What a bridge forwards downstream beside its windows: the VGA ranges, what ISA Enable holds back, and what a
 * subtractive bridge takes because nobody else on its bus does (PCI-to-PCI Bridge Architecture 1.2, 3.2.5.18, 4.5;
 * PCIe Base Specification 7.5.1.3.13).
 */
import { type BusAddress, bus as busAddress } from "../core/address";
import type { Bridge, BridgeWindow } from "./bridge";
import type { Space } from "./place";

export interface Request {
  readonly address: BusAddress;
  readonly space: Space;
}

const CONTROL = { ISA: 0x04, VGA: 0x08, VGA16: 0x10 } as const;
const VGA_MEMORY = { start: 0xa0000n, end: 0xbffffn } as const;
const VGA_PORTS = [
  { start: 0x3b0n, end: 0x3bbn },
  { start: 0x3c0n, end: 0x3dfn },
] as const;
/** VGA cards of old decoded ten bits of a port. */
const TEN_BITS = 0x3ffn;
const SUBTRACTIVE = 0x01;

/** What lets the request through, of the bridge's own decoding. */
export function forwards(bridge: Bridge, request: Request): BridgeWindow | undefined {
  const control = bridge.config.value("BRIDGE_CONTROL");
  if (control & CONTROL.VGA) {
    const range = vgaRange(request, control);
    if (range) return named(request.space, range);
  }
  const window = bridge.windows().find((it) => holds(it, request));
  return window && control & CONTROL.ISA && isAlias(request) ? undefined : window;
}

/** Takes what nobody on its bus claims: programming interface 01 (PCI Code and ID Assignment, 1.7). */
export function isSubtractive(bridge: Bridge): boolean {
  return bridge.config.value("CLASS_PROG") === SUBTRACTIVE;
}

/** The whole space, as a subtractive bridge sees it. */
export function everything(space: Space): BridgeWindow {
  return named(space, { start: 0n, end: 0xffff_ffffn });
}

function holds({ kind, open, start, end }: BridgeWindow, { address, space }: Request): boolean {
  return open && (kind === "io") === (space === "io") && address >= start && address <= end;
}

function vgaRange({ address, space }: Request, control: number): { start: bigint; end: bigint } | undefined {
  const inside = (at: bigint) => (range: { start: bigint; end: bigint }) =>
    at >= range.start && at <= range.end;
  if (space === "memory") return [VGA_MEMORY].find(inside(address));
  if (address > 0xffffn) return undefined;
  return VGA_PORTS.find(inside(control & CONTROL.VGA16 ? address : address & TEN_BITS));
}

/** The last 768 bytes of each KiB of the first 64 KiB of I/O: aliases of ISA cards (3.2.5.18). */
function isAlias({ address, space }: Request): boolean {
  return space === "io" && address <= 0xffffn && (address & 0x300n) !== 0n;
}

function named(space: Space, { start, end }: { start: bigint; end: bigint }): BridgeWindow {
  return {
    kind: space === "io" ? "io" : "memory",
    start: busAddress(start),
    end: busAddress(end),
    open: true,
  };
}
