/**
 * Requests of the functions themselves: reads and writes of RAM, of a peer's registers, and message interrupts, which
 * are writes into the range of the local APIC. The root complex forwards between its ports.
 */
import {
  type BusAddress,
  bus as busAddress,
  PAGE_SIZE,
  type PhysicalAddress,
  physical,
} from "../core/address";
import type { BusWatch } from "../core/bus-watch";
import { type Completion, low64 } from "../core/io";
import type { Memory } from "../core/memory";
import { ascend } from "./ascent";
import type { BusPath } from "./bus-path";
import { detectError } from "./detected-error";
import type { Fabric } from "./fabric";
import { FAULT_ERRORS, type Fault } from "./fault-injection";
import { PciFunction } from "./function";
import type { InterruptController } from "./interrupt-controller";
import type { FunctionSide, Requested } from "./place";
import { LONGEST_WRITE, type Waiting } from "./posted-writes";
import type { DmaRemapping } from "./remapping";
import type { Route } from "./route";

export interface Ram {
  readonly memory: Memory;
  /** Where a physical address lies in it; undefined outside of RAM. */
  readonly offsetOf: (address: PhysicalAddress) => number | undefined;
}

/** What it needs of the root complex. */
export interface UpstreamRoot {
  readonly fabric: Fabric;
  readonly interrupts: InterruptController;
  readonly watch: BusWatch | undefined;
  readonly remapping: DmaRemapping | undefined;
  /** Where the CPU sees this bus address; undefined where no window does. */
  toCpu(kind: "memory", address: BusAddress): number | undefined;
  /** The way down of what enters the root complex with this physical address. */
  routeDown(address: PhysicalAddress): Descent | undefined;
}

/** A way down, and the bus address that takes it. */
export interface Descent {
  readonly route: Route;
  readonly address: BusAddress;
}

/** Where a request ends: in RAM, in the interrupt controller, behind a BAR, or nowhere. */
type Place =
  | { readonly kind: "ram"; readonly address: PhysicalAddress }
  | { readonly kind: "message"; readonly address: number }
  | { readonly kind: "peer"; readonly route: Route & { kind: "bar" }; readonly at: number }
  | { readonly kind: "dead"; readonly why: string; readonly remapped?: boolean; readonly ends?: Ending };

/** How a request that goes nowhere ends; UR where nobody says more. */
type Ending = "UR" | "CA" | "timeout";

/** Received Master Abort and Received Target Abort. */
const RECEIVED = { UR: 0x2000, CA: 0x1000 } as const;
/** Message interrupts of x86 (Intel SDM vol. 3A, 11.11). */
const MESSAGES = { start: 0xfee0_0000, end: 0xfeef_ffff } as const;

export class Upstream {
  /** Told of each request for memory that set out, before it is translated. */
  onRequest: ((from: FunctionSide, request: Requested) => void) | undefined;
  readonly #root: UpstreamRoot;
  readonly #ram: Ram;

  constructor(root: UpstreamRoot, ram: Ram) {
    this.#root = root;
    this.#ram = ram;
  }

  read(from: FunctionSide, address: BusAddress, target: Uint8Array): Completion {
    if (this.#severalPages(address, target))
      return inPages(address, target, (at, piece) => this.read(from, at, piece));
    const { trace, posted } = this.#root.fabric;
    const requester = this.#root.fabric.numberOf(from);
    posted.drain(requester, "up");
    const request = { address, bytes: target.length, write: false };
    const place = this.#placeOf(from, request);
    if (place.kind === "ram") this.#readRam(from, place.address, target);
    else if (place.kind === "peer") this.#wayTo(place).readBytes(place.at, target);
    else if (place.kind === "dead") this.#fails(from, request, place);
    const value = low64(target);
    trace.note("MRd", { place: Number(address), bytes: target.length, value, requester });
    return place.kind === "dead" ? (place.ends ?? "UR") : "SC";
  }

  write(from: FunctionSide, address: BusAddress, source: Uint8Array): Completion {
    if (this.#severalPages(address, source))
      return inPages(address, source, (at, piece) => this.write(from, at, piece));
    const { fabric } = this.#root;
    const [path, bytes, value] = [fabric.numberOf(from), source.length, low64(source)];
    fabric.trace.note("MWr", { place: Number(address), bytes, value, requester: path });
    const request = { address, bytes, write: true };
    const place = this.#placeOf(from, request);
    if (place.kind === "dead") {
      this.#fails(from, request, place);
      return place.ends ?? "UR";
    }
    if (place.kind === "ram")
      this.#root.watch?.dma({ function: from.name, address: place.address, bytes, data: source });
    const sent =
      place.kind === "peer"
        ? this.#downTo(place)
        : { direction: "up" as const, path, bar: 0, place: place.address };
    for (let at = 0; at < bytes; at += LONGEST_WRITE)
      fabric.posted.post({ ...sent, place: sent.place + at, data: source.subarray(at, at + LONGEST_WRITE) });
    return "SC";
  }

  /** A write that was posted comes out at the top: in RAM, or as an interrupt. */
  arrive({ place, data }: Pick<Waiting, "place" | "data">): void {
    if (isMessage(place)) {
      this.#root.interrupts.message((data[0] ?? 0) | ((data[1] ?? 0) << 8));
      return;
    }
    const at = this.#ramOffset(physical(place), data.length);
    if (at !== undefined) this.#ram.memory.copyIn(at, data);
  }

  #readRam(from: FunctionSide, address: PhysicalAddress, target: Uint8Array): void {
    this.#root.watch?.dma({ function: from.name, address, bytes: target.length });
    this.#ram.memory.copyOut(this.#ramOffset(address, target.length) ?? 0, target);
  }

  #placeOf(from: FunctionSide, request: Requested): Place {
    const fault = this.#root.fabric.faults.meet(from.name, "dma");
    if (fault === "poisoned" && from instanceof PciFunction) this.#root.fabric.poisoned(from, request);
    else if (fault) return this.#asAsked(from, request, fault);
    const way = ascend(from, busAddress(request.address));
    if (way.kind === "dead") return way;
    if (way.kind === "peer") return peerPlace(way.route, request.address);
    return this.#atRoot(from, request);
  }

  #asAsked(from: FunctionSide, request: Requested, fault: Fault): Place {
    const { remapping } = this.#root;
    const why = `it ends as was asked for: ${fault}`;
    if (fault === "remap" && remapping?.enabled)
      return { kind: "dead", why: remapping.refuse(from, request), remapped: true };
    return fault === "CA" || fault === "timeout" ? { kind: "dead", why, ends: fault } : { kind: "dead", why };
  }

  #atRoot(from: FunctionSide, request: Requested): Place {
    const number = Number(request.address);
    if (request.write && isMessage(number)) return { kind: "message", address: number };
    this.onRequest?.(from, request);
    const address = this.#remapped(from, request);
    if (typeof address === "string")
      return { kind: "dead", why: address, remapped: this.#root.remapping?.enabled === true };
    if (this.#ramOffset(address, request.bytes) !== undefined) return { kind: "ram", address };
    const down = this.#down(request, address);
    if (down?.route.kind === "bar") return peerPlace(down.route, down.address);
    return { kind: "dead", why: down ? `there is no RAM, and ${down.route.why}` : "there is no RAM" };
  }

  /** To what is behind another port: by the address that an IOMMU made of it, or as it is. */
  #down({ address }: Requested, translated: PhysicalAddress): Descent | undefined {
    const { remapping } = this.#root;
    const seen = remapping?.enabled ? translated : this.#root.toCpu("memory", busAddress(address));
    return seen === undefined ? undefined : this.#root.routeDown(physical(seen));
  }

  /** The physical address of a request, or why it has none. */
  #remapped(from: FunctionSide, request: Requested): PhysicalAddress | string {
    const { remapping } = this.#root;
    if (remapping?.enabled) return remapping.remap(from, request);
    const { address, bytes } = request;
    return address + BigInt(bytes) > 1n << 52n ? "there is no RAM" : physical(Number(address));
  }

  #fails(from: FunctionSide, request: Requested, place: Place & { kind: "dead" }): void {
    const { why, remapped = false, ends = "UR" } = place;
    const { fabric } = this.#root;
    fabric.blocked(from, { ...request, why, remapped });
    if (request.write) return;
    fabric.trace.ends(ends);
    if (from.quirks.on) return;
    if (ends === "timeout") detectError(from, FAULT_ERRORS.timeout);
    else from.config.set("STATUS", from.config.value("STATUS") | RECEIVED[ends]);
  }

  #wayTo({ route }: Place & { kind: "peer" }): BusPath {
    return this.#root.fabric.wayTo(route.function, route.bar);
  }

  #downTo({ route, at }: Place & { kind: "peer" }): Omit<Waiting, "data"> {
    const path = this.#root.fabric.numberOf(route.function);
    return { direction: "down", path, bar: route.bar.index, place: at };
  }

  /** The IOMMU translates page by page, and no packet crosses one (PCIe Base Specification 2.2.7). */
  #severalPages(address: BusAddress, { length }: Uint8Array): boolean {
    const remaps = this.#root.remapping?.enabled === true;
    return remaps && Number(address % BigInt(PAGE_SIZE)) + length > PAGE_SIZE;
  }

  #ramOffset(address: PhysicalAddress, bytes: number): number | undefined {
    const at = this.#ram.offsetOf(address);
    const end = this.#ram.offsetOf(physical(address + bytes - 1));
    return at !== undefined && end === at + bytes - 1 ? at : undefined;
  }
}

function isMessage(address: number): boolean {
  return address >= MESSAGES.start && address <= MESSAGES.end;
}

function peerPlace(route: Route & { kind: "bar" }, address: bigint): Place {
  return { kind: "peer", route, at: Number(address - route.bar.base) };
}

/** One request for each page; what the worst of them ended with. */
function inPages(
  address: BusAddress,
  data: Uint8Array,
  request: (at: BusAddress, piece: Uint8Array) => Completion,
): Completion {
  let worst: Completion = "SC";
  for (let done = 0; done < data.length; ) {
    const at = busAddress(BigInt.asUintN(64, address + BigInt(done)));
    const bytes = Math.min(PAGE_SIZE - Number(at % BigInt(PAGE_SIZE)), data.length - done);
    const ended = request(at, data.subarray(done, done + bytes));
    if (ended !== "SC") worst = ended;
    done += bytes;
  }
  return worst;
}
