/**
 * How the CPU reaches configuration space: by ports 0xCF8/0xCFC, and memory-mapped (ECAM, PCIe Base Specification
 * 7.2.2). An absent function reads all ones; writes to it are lost.
 */
import type { Arena } from "../core/arena";
import { ALL_ONES, Io, type Width } from "../core/io";
import { laneMask } from "../core/register-file";
import { rootPortOf } from "./bridge";
import type { PciFunction } from "./function";
import { RETRY_VENDOR } from "./readiness";
import type { RootComplex } from "./root-complex";

/** CRS Software Visibility Enable. */
const VISIBLE = 0x10;

export interface ConfigPlace {
  /** Segment group; 0 where nobody says more. */
  readonly segment?: number;
  readonly bus: number;
  readonly device: number;
  readonly function: number;
  readonly at: number;
}

/** Reads 1, 2 or 4 bytes, naturally aligned: a configuration request. It pushes what was written before it. */
export function configRead(root: RootComplex, place: ConfigPlace, width: Width): number {
  const fn = target(root, place);
  const { trace } = root.fabric;
  root.fabric.push(fn && trace.requesterOf(fn.name));
  const retry = fn && (place.at & ~1) === 0 && width > 1 && showsRetry(root, fn);
  if (fn && !retry) untilReady(root, fn);
  const value = retry ? RETRY_VENDOR & laneMask(width) : fn ? fn.configRead(place.at, width) : absent(width);
  if (!fn) trace.ends("UR");
  else if (retry) trace.ends("CRS");
  trace.note(place.bus === 0 ? "CfgRd0" : "CfgRd1", {
    place: ecamOffset(place),
    bytes: width,
    value: BigInt(value >>> 0),
  });
  return value >>> 0;
}

/** It is not ready, and its root port lets software see that: Root Control bit 4 (PCIe 7.5.3.12). */
function showsRetry(root: RootComplex, fn: PciFunction): boolean {
  const port = fn.readiness.left(root.fabric.clock) > 0 ? rootPortOf(fn) : undefined;
  return port?.config.map["EXP_RTCTL"] !== undefined && (port.config.value("EXP_RTCTL") & VISIBLE) !== 0;
}

/** The root complex sends the request again and again. */
function untilReady({ fabric }: RootComplex, { readiness }: PciFunction): void {
  const left = readiness.left(fabric.clock);
  if (left > 0) fabric.clock.spend(left);
}

/** Looks, and is no request. */
export function configPeek(root: RootComplex, place: ConfigPlace, width: Width): number {
  const fn = target(root, place);
  return fn ? fn.configPeek(place.at, width) : absent(width);
}

function absent(width: Width): number {
  return (ALL_ONES & laneMask(width)) >>> 0;
}

export function configWrite(
  root: RootComplex,
  place: ConfigPlace,
  access: { readonly width: Width; readonly value: number },
): void {
  const fn = target(root, place);
  const { trace } = root.fabric;
  root.fabric.push(fn && trace.requesterOf(fn.name));
  if (fn) untilReady(root, fn);
  fn?.configWrite(place.at, access);
  if (!fn) trace.ends("UR");
  const value = BigInt(access.value >>> 0);
  trace.note(place.bus === 0 ? "CfgWr0" : "CfgWr1", { place: ecamOffset(place), bytes: access.width, value });
}

/** How ECAM numbers registers, and the trace does: segments lie above one another there. */
export function ecamOffset({ segment = 0, bus, device, function: fn, at }: ConfigPlace): number {
  return segment * ECAM_BYTES + bus * 2 ** 20 + (device << 15) + (fn << 12) + at;
}

function target(root: RootComplex, { segment = 0, ...place }: ConfigPlace): PciFunction | undefined {
  return root.functionAt({ ...place, segment });
}

/** Of one segment's 256 buses. */
export const ECAM_BYTES = 256 << 20;

/** One segment's: 4 KiB a function: bus in bits 27:20, device in 19:15, function in 14:12. */
export class Ecam extends Io {
  readonly name: string;
  readonly #root: RootComplex;
  readonly #segment: number;

  constructor(root: RootComplex, segment: number) {
    super();
    this.#root = root;
    this.#segment = segment;
    this.name = segment ? `ECAM of segment ${segment}` : "ECAM";
  }

  peek(at: number, width: Width): number {
    return configPeek(this.#root, ecamPlace(at, this.#segment), width);
  }

  read(at: number, width: Width): number {
    return at % width ? ALL_ONES : configRead(this.#root, ecamPlace(at, this.#segment), width);
  }

  write(at: number, access: { readonly width: Width; readonly value: number }): void {
    if (at % access.width === 0) configWrite(this.#root, ecamPlace(at, this.#segment), access);
  }
}

export function ecamPlace(at: number, segment = 0): ConfigPlace {
  return {
    segment,
    bus: (at >>> 20) & 0xff,
    device: (at >>> 15) & 31,
    function: (at >>> 12) & 7,
    at: at & 0xfff,
  };
}

/** CONFIG_ADDRESS at 0xCF8 (dword only) and CONFIG_DATA at 0xCFC (PCI Local Bus Specification 3.2.2.3.2). */
export class ConfigPorts extends Io {
  readonly name = "PCI conf1";
  readonly #root: RootComplex;
  readonly #arena: Arena;
  readonly #address: number;

  constructor(arena: Arena, root: RootComplex) {
    super();
    this.#root = root;
    this.#arena = arena;
    this.#address = arena.reserve(8) >>> 2;
  }

  peek(at: number, width: Width): number {
    if (at === 0 && width === 4) return this.#selected >>> 0;
    const place = this.#place(at);
    return place ? configPeek(this.#root, place, width) : (ALL_ONES & laneMask(width)) >>> 0;
  }

  read(at: number, width: Width): number {
    const place = at === 0 && width === 4 ? undefined : this.#place(at);
    return place ? configRead(this.#root, place, width) : this.peek(at, width);
  }

  write(at: number, access: { readonly width: Width; readonly value: number }): void {
    if (at === 0 && access.width === 4) {
      this.#arena.i32[this.#address] = access.value;
      return;
    }
    const place = this.#place(at);
    if (place) configWrite(this.#root, place, access);
  }

  get #selected(): number {
    return this.#arena.i32[this.#address] ?? 0;
  }

  #place(at: number): ConfigPlace | undefined {
    const address = this.#selected;
    if (at < 4 || !(address & 0x8000_0000)) return undefined;
    const [bus, device, fn] = [(address >>> 16) & 0xff, (address >>> 11) & 31, (address >>> 8) & 7];
    return { bus, device, function: fn, at: (address & 0xfc) | (at & 3) };
  }
}
